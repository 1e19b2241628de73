import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRedressError } from '../../../src/complaint/errors.js';
import type { DataFile } from '../../../src/inference/evaluation/rows.js';
import { hashOf } from '../../../src/inference/manifest.js';
import { MODEL_TEXT_VERSION } from '../../../src/inference/transformer/text.js';
import { SEEN_TEXT_VERSION } from '../../../src/transform/seen.js';
import { goldenTexts } from './golden.js';
import { plan } from './plan.js';
import { readSets } from './sets.js';

const USAGE = `Writes rows.jsonl and data.json, which train.py reads. Run from the root of the project after "npm run build":
  node dist/models/training/transformer/prepare.js --data FOLDER --out FOLDER`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
  if (!values.data || !values.out) throw new Error(USAGE);
  const sets = await readSets(values.data);
  const { rows, left } = plan(sets);
  await mkdir(values.out, { recursive: true });
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(values.out, 'rows.jsonl'), lines);
  const shown = sets.written.flatMap((f) => f.rows.filter((_, i) => i % 200 === 0).map((r) => r.text));
  await writeFile(join(values.out, 'golden-texts.json'), JSON.stringify(goldenTexts(shown)));
  const files: DataFile<unknown>[] = [
    sets.train,
    sets.more,
    sets.dev,
    sets.test,
    ...sets.written,
    ...sets.plain,
    ...sets.banned,
  ];
  const parts: Record<string, number> = {};
  for (const { part } of rows) parts[part] = (parts[part] ?? 0) + 1;
  const about = {
    textVersion: MODEL_TEXT_VERSION,
    seenVersion: SEEN_TEXT_VERSION,
    rowsSha256: hashOf(lines),
    files: files.map(({ name, sha256, rows }) => ({ name, sha256, rows: rows.length })),
    parts,
    leftOut: left,
  };
  await writeFile(join(values.out, 'data.json'), `${JSON.stringify(about, null, 2)}\n`);
  console.log(JSON.stringify({ parts, leftOut: left }));
}

main().catch((e: unknown) => {
  console.error(isRedressError(e) ? e.message : e);
  process.exitCode = 1;
});
