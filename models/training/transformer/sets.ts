import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type DataFile, type Row, readLabelled } from '../../../src/inference/evaluation/rows.js';
import { hashOf } from '../../../src/inference/manifest.js';

/** Files of messages that may never be trained on, by what they are for. */
export type Sets = {
  /** Real messages: train, dev (to choose), test (to measure, once). */
  readonly train: DataFile<Row>;
  readonly more: DataFile<Row>;
  readonly dev: DataFile<Row>;
  readonly test: DataFile<Row>;
  /** Messages written for this project. */
  readonly written: readonly DataFile<Row>[];
  /** Texts without a label of ours, for masked-language training only. */
  readonly plain: readonly DataFile<string>[];
  /** Dev and test texts of other sets: banned like our own. */
  readonly banned: readonly DataFile<string>[];
};

const WRITTEN = [
  'models/training/baseline/data/train.jsonl',
  'models/training/baseline/data/train_more.jsonl',
];
const LANGUAGES = ['pcm', 'hau', 'yor', 'ibo'];

/** A column of a CSV or tab-separated file with headings; `[]` where the file is not there. */
async function column(file: string, name: string): Promise<DataFile<string>[]> {
  if (!existsSync(file)) return [];
  const bytes = await readFile(file);
  const tabs = file.endsWith('.tsv');
  const rows: Record<string, string>[] = parse(bytes, {
    columns: true,
    delimiter: tabs ? '\t' : ',',
    ...(tabs ? { quote: false } : {}),
    relax_column_count: true,
    skip_empty_lines: true,
    bom: true,
  });
  return [
    {
      name: file.split('/').slice(-2).join('/'),
      sha256: hashOf(bytes),
      rows: rows.map((r) => r[name] ?? ''),
    },
  ];
}

/** Reads all sets under a folder laid out as `telecom_complaints/`, `afrisenti_*` / and `unified/` are. */
export async function readSets(folder: string): Promise<Sets> {
  const real = (name: string) => readLabelled(join(folder, 'telecom_complaints', `${name}.csv`));
  const tweets = (language: string, part: string) =>
    column(join(folder, `afrisenti_${language}`, `${part}.tsv`), 'tweet');
  const open = (name: string) => column(join(folder, 'unified', `${name}_test_open.csv`), 'text');
  return {
    train: await real('train'),
    more: await real('train_more'),
    dev: await real('dev'),
    test: await real('test'),
    written: await Promise.all(WRITTEN.map(readLabelled)),
    plain: (await Promise.all(LANGUAGES.map((l) => tweets(l, 'train')))).flat(),
    banned: (
      await Promise.all([
        ...LANGUAGES.flatMap((l) => [tweets(l, 'dev'), tweets(l, 'test')]),
        open('category'),
        open('sentiment'),
      ])
    ).flat(),
  };
}
