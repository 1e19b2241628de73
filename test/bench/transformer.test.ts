import { describe, expect, it } from '@jest/globals';
import { categories } from '../../bench/inference/bare.js';
import { GROUP, labelled } from '../../bench/inference/clocked.js';
import { startPython } from '../../bench/inference/python.js';
import type { ReadyBatch } from '../../bench/inference/tensors.js';
import type { InferenceItem, InferenceResult } from '../../src/inference/port.js';

const batch = (texts: number[]): ReadyBatch => ({
  dims: [texts.length, 1],
  ids: new BigInt64Array(texts.length),
  mask: new BigInt64Array(texts.length),
  texts,
});
const items = Array.from({ length: 3 * GROUP + 1 }, (_, i) => ({ id: String(i), text: 'x' }));
const refused = (id: string): InferenceResult => ({ id, ok: false, reason: 'too bad' });

describe('the transformer bench', () => {
  it('compares bare answers by text, but for texts of several windows, whose answer is no row of the graph', () => {
    const said = new Map([
      [0, Float32Array.from([0, 1, 2, 9, 8, 7])],
      [1, Float32Array.from([-3, -1, -2, 0, 5, 0])],
    ]);
    const found = categories([batch([4, 2]), batch([0, 2])], said);
    expect([...found].sort()).toEqual([
      [0, 1],
      [4, 2],
    ]);
  });

  it('gives results in the order of the items, whichever call is answered first', async () => {
    const answered: (() => void)[] = [];
    const classify = (some: readonly InferenceItem[]) =>
      new Promise<InferenceResult[]>((resolve) => {
        answered.push(() => resolve(some.map(({ id }) => ({ ...refused(id), ok: true }) as never)));
        if (answered.length === 4) for (const answer of answered.reverse()) answer();
      });
    const results = await labelled({ classify }, items);
    expect(results.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  });

  it('does not time texts that were not labelled', async () => {
    const classify = async (some: readonly InferenceItem[]) => some.map(({ id }) => refused(id));
    await expect(labelled({ classify }, items)).rejects.toThrow('a text was not labelled');
  });

  it('says that there is no such Python, and what one said that ended', async () => {
    expect(await startPython('/nowhere/python3', ['linear'])).toEqual({
      missing: expect.stringContaining('ENOENT'),
    });
    // Node for Python: it ends at once, as it reads no such file.
    await expect(startPython(process.execPath, ['linear'])).rejects.toThrow(
      /linear ended before it was ready: .*\.py/s,
    );
  });
});
