import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { modelsDir } from '../../../src/paths.js';
import { CONTEXT, read } from './context.js';

type Labelled = {
  readonly text: string;
  readonly places: string[];
  readonly flags: string[];
  readonly references: string[];
  /** `NGN 500`. */
  readonly amounts: string[];
  readonly addressee: string;
  readonly author: string;
  /** Day in Lagos, or null. */
  readonly since: string | null;
};

const rows = readFileSync(join(modelsDir, 'evaluation', 'entities.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Labelled => JSON.parse(line));
const days = new Intl.DateTimeFormat('en-CA', { timeZone: CONTEXT.zone });

/** Floors of precision and recall; the figures reached are in models/places/README.md. */
const FLOORS = {
  places: [0.9, 0.85],
  flags: [0.9, 0.9],
  references: [0.9, 0.9],
  amounts: [0.9, 0.9],
  since: [0.9, 0.9],
  addressee: [0.95, 0.95],
  author: [0.95, 0.95],
} as const;
type Kind = keyof typeof FLOORS;

function found(kind: Kind, text: string): string[] {
  const entities = read(text);
  if (kind === 'places') return entities.places.map((p) => p.name);
  if (kind === 'amounts') return entities.amounts.map((a) => `${a.currency} ${a.value}`);
  if (kind === 'since') return entities.since ? [days.format(entities.since.from)] : [];
  return [entities[kind]].flat();
}

it.each(Object.keys(FLOORS) as Kind[])('labelled messages: %s', (kind) => {
  let right = 0;
  let wanted = 0;
  let given = 0;
  const misses: string[] = [];
  for (const row of rows) {
    const want = [row[kind] ?? []].flat();
    const got = found(kind, row.text);
    const rest = [...got];
    const missed = want.filter((w) => (rest.includes(w) ? rest.splice(rest.indexOf(w), 1) && false : true));
    right += want.length - missed.length;
    wanted += want.length;
    given += got.length;
    if (missed.length + rest.length > 0) misses.push(`missed [${missed}] wrong [${rest}]: ${row.text}`);
  }
  const [precision, recall] = [right / given, right / wanted];
  const [leastPrecision, leastRecall] = FLOORS[kind];
  const enough = precision >= leastPrecision && recall >= leastRecall;
  expect(enough ? '' : `precision ${precision}, recall ${recall}\n${misses.join('\n')}`).toBe('');
});
