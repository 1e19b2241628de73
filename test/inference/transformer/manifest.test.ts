import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RedressError } from '../../../src/complaint/errors.js';
import { hashOf, readModel, type TransformerManifest } from '../../../src/inference/manifest.js';
import { startInference } from '../../../src/inference/pool.js';
import { TRANSFORMER_DIR, WEIGHTS, withTransformerCopy } from '../support/transformer-dir.js';

async function edit(modelDir: string, change: (manifest: TransformerManifest) => void): Promise<void> {
  const file = join(modelDir, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

/** The error at start. A pool that starts after all is closed, so that the test fails instead of hanging. */
async function refusal(modelDir: string): Promise<RedressError> {
  try {
    const inference = await startInference({ modelDir, threads: 1 });
    await inference.close();
  } catch (e) {
    expect(e).toBeInstanceOf(RedressError);
    return e as RedressError;
  }
  throw new Error('it started');
}

const FILES = ['config.json', WEIGHTS, 'tokenizer.json', 'tokenizer_config.json'];

describe("a transformer's folder", () => {
  it('is read as it is shipped, under the name of its folder', async () => {
    const { manifest, info, files } = await readModel(TRANSFORMER_DIR);
    expect(manifest.kind).toBe('transformer');
    expect(info.id).toBe(basename(TRANSFORMER_DIR));
    expect([...files.keys()].sort()).toEqual(FILES);
    const bytes = [...files.values()].reduce((n, file) => n + file.length, 0);
    expect(bytes).toBeLessThanOrEqual(30e6);
  });

  it('does not start with one wrong byte in its weights', () =>
    withTransformerCopy(async (dir) => {
      const file = join(dir, WEIGHTS);
      const bytes = await readFile(file);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] as number) ^ 1;
      await rm(file); // a link: the original must stay as it is
      await writeFile(file, bytes);
      expect(await refusal(dir)).toMatchObject({
        code: 'model_damaged',
        message: expect.stringContaining(`${WEIGHTS} has not the sha256`),
        fix: expect.stringContaining('Restore the folder'),
      });
    }));

  it.each(FILES)('does not start without %s, and names it', (name) =>
    withTransformerCopy(async (dir) => {
      await rm(join(dir, name));
      expect(await refusal(dir)).toMatchObject({
        code: 'model_damaged',
        message: expect.stringContaining(`${name} can't be read (ENOENT)`),
      });
    }),
  );

  it.each(FILES)('does not start if its manifest says nothing of %s, which nobody would verify', (name) =>
    withTransformerCopy(async (dir) => {
      await edit(dir, (m) => delete m.decides.files[name]);
      expect(await refusal(dir)).toMatchObject({
        code: 'model_damaged',
        message: expect.stringContaining(name),
      });
    }),
  );

  it('does not start with weights that are none, even with the right hash', () =>
    withTransformerCopy(async (dir) => {
      await rm(join(dir, WEIGHTS));
      await writeFile(join(dir, WEIGHTS), 'not a graph');
      await edit(dir, (m) => {
        m.decides.files[WEIGHTS] = hashOf('not a graph');
      });
      expect((await refusal(dir)).message).toContain(dir);
    }));

  it.each<[string, (m: TransformerManifest) => void, string, string]>([
    ['a text function of another version', (m) => m.decides.text++, 'model_mismatch', 'text function'],
    [
      'two labels swapped',
      ({ decides: { labels } }) => labels.category.splice(0, 2, ...labels.category.slice(0, 2).reverse()),
      'model_mismatch',
      'labels',
    ],
    ['a label too few', (m) => m.decides.labels.language.pop(), 'model_mismatch', 'labels'],
    [
      'an id that is not its folder',
      (m) => Object.assign(m, { id: 'another-model-1' }),
      'model_mismatch',
      'another-model-1',
    ],
    [
      'a threshold missing',
      (m) => delete (m.decides.abstainBelow.category as Record<string, number>).fraud,
      'model_damaged',
      'manifest.json',
    ],
    [
      'a file outside the folder',
      (m) => Object.assign(m.decides.files, { '../x': 'a'.repeat(64) }),
      'model_damaged',
      'manifest.json',
    ],
    [
      'the kind of another model',
      (m) => Object.assign(m, { kind: 'naive-bayes' }),
      'model_damaged',
      'manifest.json',
    ],
  ])('does not start with %s', (_, change, code, named) =>
    withTransformerCopy(async (dir) => {
      await edit(dir, change);
      expect(await refusal(dir)).toMatchObject({ code, message: expect.stringContaining(named) });
    }),
  );
});
