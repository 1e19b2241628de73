import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRedressError } from '../../../src/complaint/errors.js';
import { train } from './artefact.js';

const DATA = 'models/training/baseline/data';
const DEMO = 'demo/data';
const USAGE = `Trains the baseline. Run from the root of the project after "npm run build":
  node dist/models/training/baseline/train.js [options]
  --data FILE      labelled JSONL or CSV; repeatable (default: ${DATA}/*.jsonl)
  --exclude FILE   texts that must not be trained on; repeatable (default: ${DEMO}/*.jsonl and *.csv)
  --evaluate FILE  labelled file to measure on, never to train or choose on
  --id ID          id of the model (default: baseline-bayes-1)
  --out FOLDER     (default: models/<id>)`;

/** Data files of a folder by name, in order; none if there is no such folder. */
async function list(folder: string, endings: readonly string[]): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => endings.some((e) => name.endsWith(e)))
    .sort()
    .map((name) => join(folder, name));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', multiple: true },
      exclude: { type: 'string', multiple: true },
      evaluate: { type: 'string' },
      id: { type: 'string', default: 'baseline-bayes-1' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const data = values.data ?? (await list(DATA, ['.jsonl']));
  if (data.length === 0) throw new Error(`No training data in ${DATA}.\n${USAGE}`);
  const { metrics, trained, decides } = await train({
    id: values.id,
    data,
    exclude: values.exclude ?? (await list(DEMO, ['.jsonl', '.csv'])),
    evaluate: values.evaluate,
    outDir: values.out ?? join('models', values.id),
  });
  const { data: files, split, excludedRows } = trained;
  const { temperatures, abstainBelow, secondFrom, negativeFrom } = decides;
  const chosen = { temperatures, abstainBelow, secondFrom, negativeFrom };
  console.log(JSON.stringify({ files, split, excluded: excludedRows.length, chosen, metrics }, null, 2));
}

main().catch((e: unknown) => {
  console.error(isRedressError(e) ? e.message : e);
  process.exitCode = 1;
});
