import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/** Repository root, found upwards from the compiled file, wherever the build put it. */
function findRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json'))) at = dirname(at);
  return at;
}
export const ROOT = findRoot();
export const DEMO_DATA = join(ROOT, 'demo', 'data');
const BASELINE_DATA = join(ROOT, 'models', 'training', 'baseline', 'data');
const SHARED_DATA = join(ROOT, '..', 'shared', 'data');

export const WRITTEN = ['x', 'sms', 'form', 'api'] as const;

/** One line of demo/data/*.jsonl. */
export type DemoMessage = {
  readonly text: string;
  readonly externalId: string;
  readonly customer: Readonly<Record<string, string>>;
  readonly minutesAgo: number;
} & Readonly<Record<string, unknown>>;

export const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean);

export const messagesOf = (name: (typeof WRITTEN)[number]): DemoMessage[] =>
  linesOf(join(DEMO_DATA, `${name}.jsonl`)).map((line) => JSON.parse(line) as DemoMessage);

export type CsvRow = { readonly record: Readonly<Record<string, string>>; readonly raw: string };

/** Rows with the bytes they came from; the header is `head`. */
export function csvRows(path: string): { readonly head: string; readonly rows: CsvRow[] } {
  const text = readFileSync(path, 'utf8');
  const rows = parse(text, { columns: true, raw: true, relax_column_count: true }) as unknown as CsvRow[];
  return { head: text.slice(0, text.indexOf('\n') + 1), rows };
}

const textsOfJsonl = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => linesOf(join(folder, name)))
    .map((line) => String((JSON.parse(line) as { text?: unknown }).text ?? ''));

/** Texts that the shipped baseline was trained on, or undefined where they are not there. */
export const baselineTexts = (): string[] | undefined =>
  existsSync(BASELINE_DATA) ? textsOfJsonl(BASELINE_DATA) : undefined;

/** The original of demo/data/call-centre.csv and every labelled text, or undefined outside the workplace that has them. */
export function sharedTexts(): { readonly original: string; readonly labelled: string[] } | undefined {
  const original = join(SHARED_DATA, 'comcast_fcc', 'Comcast_telecom_complaints_data.csv');
  const labelled = join(SHARED_DATA, 'telecom_complaints');
  const written = join(SHARED_DATA, 'written_complaints');
  if (![original, labelled, written].every((path) => existsSync(path))) return undefined;
  const real = ['train', 'train_more', 'dev', 'test'].flatMap((name) =>
    csvRows(join(labelled, `${name}.csv`)).rows.map((row) => row.record.text ?? ''),
  );
  return { original, labelled: [...real, ...textsOfJsonl(written)] };
}
