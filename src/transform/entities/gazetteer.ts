import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsDir } from '../../paths.js';
import { fold } from '../../gold/words.js';
import type { PlaceKind } from '../../complaint/entities.js';

/** Why a name needs something beside it before it counts: it is also a word, a person's name or an abbreviation. */
export type Need = 'english' | 'words' | 'names' | 'short';
export type Known = {
  readonly name: string;
  readonly kind: PlaceKind;
  readonly state: string;
};
export type Named = {
  /** The one meant when nothing in the message says otherwise comes first. */
  readonly places: readonly Known[];
  readonly need?: Need;
};
export type Gazetteer = {
  /** By folded name, words joined by one space. */
  readonly byName: ReadonlyMap<string, Named>;
  /** Most words of a name that begins with a word. */
  readonly longest: ReadonlyMap<string, number>;
  /** Names that can be misspelt, by their first and by their last three letters. */
  readonly byEnds: ReadonlyMap<string, readonly string[]>;
  readonly notMisspellings: ReadonlySet<string>;
};

type PlacesFile = {
  readonly states: Readonly<
    Record<
      string,
      {
        readonly capital: string;
        readonly lgas: readonly string[];
        readonly cities: readonly string[];
        readonly areas: readonly string[];
      }
    >
  >;
  /** Folded spelling to a name, or to `name, state` where several have that name. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly preferred: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<Need, readonly string[]>>;
  readonly notMisspellings: readonly string[];
};

/** A name of fewer letters has too many other words one letter away. */
export const SHORTEST_MISSPELT = 6;

export const keyOf = (name: string): string =>
  fold(name)
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Every name a place goes by, in the order of precedence: a state before its capital of the same name. */
function* placesIn(file: PlacesFile): Generator<Known> {
  for (const state of Object.keys(file.states)) yield { name: state, kind: 'state', state };
  for (const kind of ['city', 'lga', 'area'] as const) {
    for (const [state, { lgas, cities, areas }] of Object.entries(file.states)) {
      const names = { city: cities, lga: lgas, area: areas }[kind];
      for (const name of names) yield { name, kind, state };
    }
  }
}

function knownNames(file: PlacesFile): Map<string, Known[]> {
  const known = new Map<string, Known[]>();
  const places = [...placesIn(file)];
  for (const place of places) {
    const there = known.get(keyOf(place.name)) ?? [];
    if (!there.some((p) => p.state === place.state)) known.set(keyOf(place.name), [...there, place]);
  }
  // Half of a double name (Kabba/Bunu) stands for the whole, unless a place is called so by itself.
  for (const place of places.filter((p) => p.name.includes('/'))) {
    for (const key of place.name.split('/').map(keyOf)) if (!known.has(key)) known.set(key, [place]);
  }
  return known;
}

/** The places of models/places as hash maps. */
export function gazetteerOf(file: PlacesFile): Gazetteer {
  const known = knownNames(file);
  for (const [alias, target] of Object.entries(file.aliases)) {
    const [name = '', state] = target.split(', ');
    const places = (known.get(keyOf(name)) ?? []).filter((p) => state === undefined || p.state === state);
    if (!known.has(alias)) known.set(alias, places);
  }
  const needs = new Map<string, Need>();
  for (const need of ['short', 'english', 'words', 'names'] as const)
    for (const name of file.context[need]) needs.set(name, need);

  const byName = new Map<string, Named>();
  const longest = new Map<string, number>();
  const byEnds = new Map<string, string[]>();
  for (const [key, places] of known) {
    const need = needs.get(key);
    const first = file.preferred[places[0]?.name ?? ''];
    const ordered = [...places].sort((a, b) => Number(b.state === first) - Number(a.state === first));
    byName.set(key, need ? { places: ordered, need } : { places: ordered });
    const words = key.split(' ');
    longest.set(words[0] as string, Math.max(words.length, longest.get(words[0] as string) ?? 0));
    if (words.length > 1 || need || key.length < SHORTEST_MISSPELT) continue;
    for (const end of [`${key.slice(0, 3)}-`, `-${key.slice(-3)}`])
      byEnds.set(end, [...(byEnds.get(end) ?? []), key]);
  }
  return { byName, longest, byEnds, notMisspellings: new Set(file.notMisspellings) };
}

let nigeria: Gazetteer | undefined;

/** Places of Nigeria: states, local governments, cities, well-known areas. Read once, at first use. */
export function placesOfNigeria(): Gazetteer {
  nigeria ??= gazetteerOf(JSON.parse(readFileSync(join(modelsDir, 'places', 'nigeria.json'), 'utf8')));
  return nigeria;
}
