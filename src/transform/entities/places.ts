import { type Gazetteer, type Known, type Named, placesOfNigeria } from './gazetteer.js';
import { misspelt } from './misspelt.js';
import { isAcronym, isCapital, isHandle, opensSentence, said, type Token, type Words } from './tokens.js';
import type { Place, PlaceKind } from '../../complaint/entities.js';

/** Places kept of one message. */
const MOST = 5;
const MOST_WORDS = 5;
const RANK: Readonly<Record<PlaceKind, number>> = { area: 0, city: 1, lga: 2, state: 3 };

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const INSIDE = set(
  'in at around near within inside across throughout towards along outside jihar garin ilu axis stay live reside',
);
/** Also said of persons: a message is from Musa, a SIM is for Obi. */
const TOWARDS = set('for from to of between visit reach');
const AFTER = set(
  'lga town area axis village community metropolis city environs campus branch axes junction district roundabout residents indigenes estate state',
);
const TITLES = set(
  'mr mrs miss ms dr chief alhaji alhaja engr barr barrister prof professor hajia mallam malam pastor bro brother sis sister uncle aunty auntie madam oga evang rev',
);
/** What makes another thing of a place's name: a street, a club, a company, a country. */
const ELSE = set(
  'street st road rd crescent close avenue republic rangers pillars united fm electric electricity disco',
);
const JOINT = /^(?:[ \-/.'’]|\. )$/;
const BESIDE = /^\s?[,(/-]?\s?$/;
const LISTED = /^\s?[,/&-]\s?$/;

/** Words `from` to `to` that are a name; `near` if they are only one letter away from it. */
type Hit = { readonly from: number; readonly to: number; readonly named: Named; readonly near: boolean };

function nameAt({ tokens }: Words, at: number, gazetteer: Gazetteer): Hit | undefined {
  const first = tokens[at] as Token;
  const longest = Math.min(gazetteer.longest.get(first.fold) ?? 0, MOST_WORDS);
  let key = '';
  let hit: Hit | undefined;
  for (let to = at; to < at + longest && to < tokens.length; to++) {
    const { fold, gap } = tokens[to] as Token;
    if (to > at && !JOINT.test(gap)) break;
    key = to === at ? fold : `${key} ${fold}`;
    const named = gazetteer.byName.get(key);
    if (named) hit = { from: at, to, named, near: false };
  }
  if (hit) return hit;
  const name = misspelt(first.fold, gazetteer);
  const named = name === undefined ? undefined : gazetteer.byName.get(name);
  return named && { from: at, to: at, named, near: true };
}

function hitsIn(words: Words, gazetteer: Gazetteer): Hit[] {
  const hits: Hit[] = [];
  for (let at = 0; at < words.tokens.length; at++) {
    const token = words.tokens[at] as Token;
    if (token.fold === '' || isHandle(token)) continue;
    const hit = nameAt(words, at, gazetteer);
    if (!hit) continue;
    hits.push(hit);
    at = hit.to;
  }
  return hits;
}

/** A person, a street or a club that bears the name. */
function isElse({ tokens }: Words, { from, to }: Hit): boolean {
  const before = tokens[from - 1];
  const after = tokens[to + 1];
  if (after && ELSE.has(after.fold) && after.gap === ' ') return true;
  if (before?.fold === 'is' && tokens[from - 2]?.fold === 'name') return true;
  const titled = (at: number) =>
    TITLES.has(tokens[at]?.fold ?? '') && /^\.? $/.test(tokens[at + 1]?.gap ?? '');
  // "Mr Ede", "Mr Hyginus Ede".
  return titled(from - 1) || (before !== undefined && isCapital(before) && titled(from - 2));
}

const states = (hit: Hit): string[] => hit.named.places.map((p) => p.state);

/** Whether the other name lies right beside and is that of the state, or of another place in it. */
function besideIts(words: Words, hit: Hit, other: Hit | undefined): boolean {
  if (!other || other.named.need || other.near) return false;
  const [left, right] = other.from > hit.from ? [hit, other] : [other, hit];
  const between = words.tokens[right.from];
  const skipped = words.tokens.slice(left.to + 1, right.from).map((t) => t.fold);
  const close = skipped.length === 0 ? BESIDE.test(between?.gap ?? '') : isLink(skipped);
  return close && states(other).some((state) => states(hit).includes(state));
}

const isLink = (skipped: readonly string[]): boolean =>
  skipped.length <= 2 && skipped.every((w) => AFTER.has(w) || w === 'in' || w === 'local' || w === 'jihar');

/** In a list a name stands as its neighbour does: "in Lekki, Ajah and Sabo". */
function continuesList({ tokens }: Words, { from }: Hit, before: Hit | undefined): boolean {
  if (!before) return false;
  if (before.to === from - 1) return LISTED.test(tokens[from]?.gap ?? '');
  return before.to === from - 2 && /^(?:and|n|to|or|plus|da|ati|na)$/.test(tokens[from - 1]?.fold ?? '');
}

/** Whether enough stands beside a name that could be something else. */
function isMeant(words: Words, hit: Hit, listed: boolean, before?: Hit, after?: Hit): boolean {
  const { tokens, capitalsTell } = words;
  const first = tokens[hit.from] as Token;
  const { need } = hit.named;
  if (need === undefined && !hit.near) return true;
  const next = tokens[hit.to + 1];
  if (next && next.gap === ' ' && (AFTER.has(next.fold) || isLocalGovernment(words, hit.to + 1))) return true;
  if (besideIts(words, hit, before) || besideIts(words, hit, after)) return true;
  const capital = capitalsTell && isCapital(first) && !(isAcronym(first) && need !== 'short');
  if (need === 'short' && capitalsTell && first.text === first.text.toUpperCase()) return true;
  const previous = tokens[hit.from - 1]?.fold ?? '';
  const at = first.gap.trim() === '@';
  const inside = first.gap.trim() === '' && INSIDE.has(previous);
  const towards = first.gap.trim() === '' && TOWARDS.has(previous);
  if (need === 'english') return capital && (inside || at || listed);
  if (need === 'names') return inside || at || (listed && (capital || !capitalsTell));
  if (need === 'short') return inside || towards || at || listed;
  if (inside || at || listed) return true;
  const written = capital && !opensSentence(tokens, hit.from);
  return hit.near ? towards || written : (towards && (capital || !capitalsTell)) || written;
}

const isLocalGovernment = ({ tokens }: Words, at: number): boolean =>
  tokens[at]?.fold === 'local' && /^gov/.test(tokens[at + 1]?.fold ?? '');

function meantIn(words: Words, gazetteer: Gazetteer): Hit[] {
  const hits = hitsIn(words, gazetteer);
  const meant: Hit[] = [];
  hits.forEach((hit, i) => {
    const listed = continuesList(words, hit, meant.at(-1));
    if (!isElse(words, hit) && isMeant(words, hit, listed, hits[i - 1], hits[i + 1])) meant.push(hit);
  });
  return meant;
}

/** Which place of that name: what the next word says, else the state the message is about, else the best known. */
function pick({ tokens }: Words, hit: Hit, about: ReadonlySet<string>): Known | undefined {
  const { places } = hit.named;
  const next = tokens[hit.to + 1]?.fold;
  const ofKind = (kind: PlaceKind) => places.find((p) => p.kind === kind);
  if (next === 'state' && ofKind('state')) return ofKind('state');
  if (next === 'lga' || next === 'local') {
    return places.find((p) => p.kind === 'lga' && about.has(p.state)) ?? ofKind('lga') ?? places[0];
  }
  return places.find((p) => about.has(p.state)) ?? places[0];
}

/** Where a message speaks of. Each name is looked up by its first word; no list is ever run through. */
export function placesIn(
  words: Words,
  gazetteer: Gazetteer = placesOfNigeria(),
): { places: Place[]; covered: Set<number> } {
  const meant = meantIn(words, gazetteer);
  const sure = meant.filter((hit) => new Set(states(hit)).size === 1).map((hit) => states(hit)[0] as string);
  const about = new Set(sure);
  const covered = new Set<number>();
  const found = new Map<string, Place>();
  for (const hit of meant) {
    for (let at = hit.from; at <= hit.to; at++) covered.add(at);
    const place = pick(words, hit, about);
    if (!place) continue;
    const key = `${place.name}, ${place.state}`;
    if (!found.has(key)) found.set(key, { ...place, said: said(words, hit.from, hit.to) });
  }
  const places = [...found.values()].sort((a, b) => RANK[a.kind] - RANK[b.kind]).slice(0, MOST);
  return { places, covered };
}
