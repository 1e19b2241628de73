import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type PreparedRow, plan } from '../../../models/training/transformer/plan.js';
import { readSets, type Sets } from '../../../models/training/transformer/sets.js';
import { random } from '../../../src/inference/evaluation/bootstrap.js';
import { hashOf, readModel } from '../../../src/inference/manifest.js';
import { MODEL_TEXT_VERSION, modelText } from '../../../src/inference/transformer/text.js';
import { packageRoot } from '../../../src/paths.js';
import { SEEN_TEXT_VERSION, seenText } from '../../../src/transform/seen.js';
import { TRANSFORMER_DIR } from '../support/transformer-dir.js';

const root = join(packageRoot, '..', 'shared', 'data');
/** The data sets are not part of the project. */
const withData = existsSync(join(root, 'telecom_complaints')) ? describe : describe.skip;

const HELD = [
  'telecom_complaints/dev.csv',
  'telecom_complaints/test.csv',
  ...['pcm', 'hau', 'yor', 'ibo'].flatMap((l) => [`afrisenti_${l}/dev.tsv`, `afrisenti_${l}/test.tsv`]),
  'unified/category_test_open.csv',
  'unified/sentiment_test_open.csv',
];
const SAMPLED = 200;

/** Read apart from the recipe, as is everything that checks it. */
async function texts(name: string, columns: readonly string[]): Promise<string[]> {
  const rows: Record<string, string>[] = parse(await readFile(join(root, name)), {
    columns: true,
    relax_column_count: true,
    ...(name.endsWith('.tsv') && { delimiter: '\t', quote: false }),
  });
  return rows.map((row) => columns.map((c) => row[c]).find((text) => text !== undefined) ?? '');
}

/** As the goal says: no URL, handle, digit or punctuation; nor what stands for them, in a text that is prepared. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(https?:\/\/|www\.)\S*/g, ' ')
    .replace(/@[\p{L}\p{N}_]+/gu, ' ')
    .replace(/\[[a-z]+\]|\b(user|url)\b/g, ' ')
    .replace(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();
const read = (raw: string): string => modelText(seenText(raw, 'NG'));

function grams(text: string): Set<string> {
  const all = new Set<string>();
  for (let i = 0; i + 5 <= text.length; i++) all.add(text.slice(i, i + 5));
  return all;
}

function resemble(a: ReadonlySet<string>, b: ReadonlySet<string>, least: number): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size === 0 || small.size < large.size * least) return false; // no more alike than their sizes are
  let both = 0;
  for (const gram of small) if (large.has(gram)) both += 1;
  return both >= least * (a.size + b.size - both);
}

/** Some of them, the same at every run. */
function sampled<T>(all: readonly T[], count = SAMPLED): T[] {
  const next = random(11);
  return Array.from({ length: count }, () => all[Math.floor(next() * all.length)] as T);
}

type Trained = { readonly row: PreparedRow; readonly raw: string };
/** How many, and a few to look at. */
const few = (found: readonly unknown[]) => ({ count: found.length, such: found.slice(0, 5) });
const NONE = { count: 0, such: [] };

withData('what the transformer is trained on (skipped where ../shared/data is absent)', () => {
  let rows: readonly PreparedRow[];
  let sets: Sets;
  let trained: Trained[];
  /** Raw dev and test texts of every set, and held-out written ones. */
  let held: string[];
  const rawOf = new Map<string, string>();

  beforeAll(async () => {
    sets = await readSets(root);
    ({ rows } = plan(sets));
    for (const r of [sets.train, sets.more, sets.dev, ...sets.written].flatMap((f) => f.rows))
      rawOf.set(r.id ?? r.at, r.text);
    // Rows without a label have no id in their file: they are found by their order.
    const plain = sets.plain.flatMap((f) => f.rows).values();
    const raw = (row: PreparedRow): string => {
      if (row.part !== 'plain') return rawOf.get(row.id) as string;
      for (const text of plain) if (read(text) === row.text) return text;
      throw new Error(`${row.id} is not in its file`);
    };
    trained = rows
      .filter(({ part }) => part === 'train' || part === 'select' || part === 'plain')
      .map((row) => ({ row, raw: raw(row) }));
    const holdout = rows.filter(({ part }) => part === 'holdout').map(({ id }) => rawOf.get(id) as string);
    const files = await Promise.all(HELD.map((name) => texts(name, ['text', 'tweet'])));
    held = [...files.flat(), ...holdout];
  }, 600_000);

  it('is as much as was planned', () => {
    expect(trained.length).toBeGreaterThan(40_000);
    expect(held.length).toBeGreaterThan(30_000);
  });

  it('is what the shipped weights learned from, as long as texts are made as they were then', async () => {
    const { manifest } = await readModel(TRANSFORMER_DIR);
    const data = manifest.trained.data as {
      seenVersion: number;
      textVersion: number;
      rowsSha256: string;
    };
    expect(data.textVersion).toBe(MODEL_TEXT_VERSION);
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (data.seenVersion === SEEN_TEXT_VERSION) expect(data.rowsSha256).toBe(hashOf(lines));
    else expect(data.seenVersion).toBeLessThan(SEEN_TEXT_VERSION);
  });

  it('equals no dev, test or held-out text of any set', () => {
    const known = new Set(held.map(bare).filter((text) => text !== ''));
    expect(
      few(trained.filter(({ raw }) => known.has(bare(raw))).map(({ row, raw }) => [row.id, raw])),
    ).toEqual(NONE);
  });

  it('equals none as the model reads them', () => {
    const known = new Set(held.map((raw) => bare(read(raw))).filter((text) => text !== ''));
    const found = trained.filter(({ row }) => known.has(bare(row.text)));
    expect(few(found.map(({ row }) => [row.id, row.text]))).toEqual(NONE);
  });

  it('resembles none, two hundred of them compared with all', () => {
    const known = held.map((raw) => grams(bare(raw)));
    const found = sampled(trained).filter(({ raw }) => {
      const own = grams(bare(raw));
      return known.some((other) => resemble(own, other, 0.8));
    });
    expect(few(found.map(({ row, raw }) => [row.id, raw]))).toEqual(NONE);
  });

  it('holds nothing of the files that have test texts in them, but what is in the train files too', async () => {
    const exports = [
      ...(await texts('nigerian_isp/merged.csv', ['Text'])),
      ...(await texts('comcast_fcc/Comcast_telecom_complaints_data.csv', ['Customer Complaint'])),
    ];
    expect(exports.length).toBeGreaterThan(3_000);
    const known = new Set(exports.map(bare).filter((text) => text.length > 5)); // "ok" is anybody's
    const real = new Set([...sets.train.rows, ...sets.more.rows].map((r) => r.id));
    const found = trained.filter(({ row, raw }) => !real.has(row.id) && known.has(bare(raw)));
    expect(few(found.map(({ row, raw }) => [row.id, raw]))).toEqual(NONE);
  });

  it('has no near-duplicate on the other side, held out or kept to choose on', () => {
    const sides = new Map<string, Set<string>>();
    for (const { part, source, cluster } of rows) {
      if (part === 'plain' || part === 'dev' || part === 'test') continue;
      const key = `${source === 'written'} ${cluster}`;
      sides.set(key, (sides.get(key) ?? new Set()).add(part));
    }
    expect(few([...sides].filter(([, parts]) => parts.size > 1))).toEqual(NONE);
    for (const part of ['holdout', 'select'] as const) {
      const written = part === 'holdout';
      const other = trained
        .filter(({ row }) => row.part === 'train' && (row.source === 'written') === written)
        .map(({ raw }) => grams(bare(raw)));
      const found = sampled(rows.filter((row) => row.part === part)).filter(({ id }) => {
        const own = grams(bare(rawOf.get(id) as string));
        return other.some((text) => resemble(own, text, 0.5));
      });
      expect(few(found.map(({ id }) => id))).toEqual(NONE);
    }
  });
});
