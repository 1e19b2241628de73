import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadBaseline } from '../../src/inference/baseline.js';
import { hashOf, type Manifest } from '../../src/inference/manifest.js';
import { startInference } from '../../src/inference/pool.js';
import { withModelCopy } from './support/model-dir.js';

const start = (modelDir: string) => startInference({ modelDir, threads: 1 });

async function edit(modelDir: string, change: (manifest: Manifest) => void): Promise<void> {
  const file = join(modelDir, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

describe('model manifest', () => {
  it.each(['manifest.json', 'weights.json'])('does not start without %s, and names it with the fix', (name) =>
    withModelCopy(async (dir) => {
      await rm(join(dir, name));
      await expect(start(dir)).rejects.toMatchObject({
        code: 'model_damaged',
        message: expect.stringContaining(`${name} can't be read (ENOENT)`),
        fix: expect.stringContaining('Restore the folder'),
      });
    }),
  );

  it('does not start under another name than its own: predictions are stored under it', () =>
    withModelCopy(async (dir) => {
      await edit(dir, (m) => Object.assign(m, { id: 'another' }));
      await expect(start(dir)).rejects.toMatchObject({
        code: 'model_mismatch',
        message: expect.stringContaining('holds the model another'),
        fix: expect.stringContaining('Call the folder another'),
      });
    }));

  it('does not start with changed weights', () =>
    withModelCopy(async (dir) => {
      const file = join(dir, 'weights.json');
      await writeFile(file, `${await readFile(file, 'utf8')} `);
      await expect(start(dir)).rejects.toMatchObject({
        code: 'model_damaged',
        message: expect.stringContaining('weights.json'),
      });
    }));

  it('does not load weights of another shape, even with the right hash', () =>
    withModelCopy(async (dir) => {
      const weights = JSON.parse(await readFile(join(dir, 'weights.json'), 'utf8'));
      weights.features.pop();
      const text = JSON.stringify(weights);
      await writeFile(join(dir, 'weights.json'), text);
      await edit(dir, (m) => {
        m.decides.files = { 'weights.json': hashOf(text) };
      });
      await expect(loadBaseline(dir)).rejects.toMatchObject({ code: 'model_damaged' });
    }));

  it.each<[string, (m: Manifest) => void, string]>([
    ['labels in another order', (m) => m.decides.labels.sentiment.reverse(), 'model_mismatch'],
    ['weights of other features', (m) => m.decides.features++, 'model_mismatch'],
    [
      'a file outside the folder',
      (m) => Object.assign(m.decides.files, { '../x': 'a'.repeat(64) }),
      'model_damaged',
    ],
    ['a threshold over 1', (m) => Object.assign(m.decides, { negativeFrom: 2 }), 'model_damaged'],
  ])('does not start with %s', (_, change, code) =>
    withModelCopy(async (dir) => {
      await edit(dir, change);
      await expect(start(dir)).rejects.toMatchObject({ code });
    }),
  );

  it('changes the weights hash with anything that decides, not with figures', () =>
    withModelCopy(async (dir) => {
      const before = (await loadBaseline(dir)).model.weightsHash;
      await edit(dir, (m) => {
        m.metrics.written.rows++;
      });
      expect((await loadBaseline(dir)).model.weightsHash).toBe(before);
      await edit(dir, (m) => {
        m.decides.negativeFrom = 0.9;
      });
      expect((await loadBaseline(dir)).model.weightsHash).not.toBe(before);
    }));
});
