import { describe, expect, it } from '@jest/globals';
import type { InferenceEvent, PoolOptions } from '../../src/inference/pool.js';
import { startInference, startPool } from '../../src/inference/pool.js';
import type { Inference, InferenceItem } from '../../src/inference/port.js';
import { readModel } from '../../src/inference/manifest.js';
import { MODEL_DIR } from './support/model-dir.js';
import { TRANSFORMER_DIR } from './support/transformer-dir.js';

const score = { measuredOn: 'nothing', categoryAccuracy: 0, negativeRecall: 0 };
const erratic: PoolOptions = {
  entry: new URL('./support/erratic-thread.js', import.meta.url),
  workerData: {},
  model: { id: 'erratic', weightsHash: '', score },
  threads: 1,
  budget: { chars: 1_000, items: 4 },
  deadlineMs: 10_000,
  backoffMs: 1,
};
const items = (...texts: string[]): InferenceItem[] => texts.map((text, i) => ({ id: `id-${i}`, text }));

async function withPool<T>(
  options: Partial<PoolOptions>,
  use: (pool: Inference, events: InferenceEvent[]) => Promise<T>,
): Promise<T> {
  const events: InferenceEvent[] = [];
  const pool = await startPool({ ...erratic, ...options, onEvent: (event) => events.push(event) });
  try {
    return await use(pool, events);
  } finally {
    await pool.close();
  }
}

describe('inference pool', () => {
  it.each([
    ['exit', 'thread_died'],
    ['throw', 'thread_died'],
    ['missing', 'bad_answer'],
    ['foreign', 'bad_answer'],
    ['twice', 'bad_answer'],
    ['other batch', 'bad_answer'],
  ])(
    'rejects the batch of a thread that does "%s" (%s), and labels the next with a new thread',
    (text, code) =>
      withPool({}, async (pool, events) => {
        await expect(pool.classify(items(text, 'neighbour'), 'live')).rejects.toMatchObject({ code });
        expect(await pool.classify(items('again'), 'live')).toEqual([
          { id: 'id-0', ok: false, reason: '1:again' },
        ]);
        expect(events.map((e) => e.kind).sort()).toEqual([
          'batch_rejected',
          'thread_lost',
          'thread_started',
          'thread_started',
        ]);
      }),
  );

  it('ends a thread that never answers', () =>
    withPool({ deadlineMs: 2_000 }, async (pool) => {
      await expect(pool.classify(items('silence'), 'live')).rejects.toMatchObject({ code: 'thread_silent' });
    }));

  it('lets a thread come back from native code before it ends it, and goes on with another meanwhile', async () => {
    const native = new Int32Array(new SharedArrayBuffer(8));
    const options = { deadlineMs: 400, workerData: { native } };
    await withPool(options, async (pool) => {
      await expect(pool.classify(items('native'), 'live')).rejects.toMatchObject({ code: 'thread_silent' });
      expect([...native]).toEqual([1, 0]);
      expect(await pool.classify(items('next'), 'live')).toHaveLength(1);
    });
    expect([...native]).toEqual([1, 1]); // closed only when it was back, which it never left again
  });

  it('survives a real model that is too slow for its deadline: no thread is torn down inside of it', async () => {
    const { info } = await readModel(TRANSFORMER_DIR);
    const entry = new URL('../../src/inference/thread.js', import.meta.url);
    const slow = { entry, workerData: { modelDir: TRANSFORMER_DIR }, model: info, deadlineMs: 20_000 };
    const text = 'my data is gone again and nobody picks the call. '.repeat(150);
    const options = { ...erratic, ...slow, budget: { chars: 1e9, items: 64 } };
    const pool = await startPool(options);
    options.deadlineMs = 50;
    const call = pool.classify(items(...Array.from({ length: 64 }, () => text)), 'live');
    await expect(call).rejects.toMatchObject({ code: 'thread_silent' });
    await pool.close();
  });

  it('gives up what nobody waits for any more', () =>
    withPool({}, async (pool) => {
      const gone = new AbortController();
      const underWay = pool.classify(items('a', 'b', 'c', 'd'), 'asked');
      const left = pool.classify(items('e', 'f'), 'asked', gone.signal);
      const refused = expect(left).rejects.toBe('gone');
      expect(pool.waiting('asked')).toBe(2);
      gone.abort('gone');
      expect(pool.waiting('asked')).toBe(0);
      await refused;
      expect(await underWay).toHaveLength(4);
      await expect(pool.classify(items('late'), 'asked', gone.signal)).rejects.toBe('gone');
    }));

  it('rejects only the calls with a text in the lost batch', () =>
    withPool({}, async (pool) => {
      const all = await Promise.allSettled([
        pool.classify(items('a', 'b', 'c', 'exit'), 'live'),
        pool.classify(items('d'), 'live'),
        pool.classify(items('e'), 'bulk'),
      ]);
      expect(all.map((r) => r.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    }));

  it('rejects a call as a whole when one of its batches is lost, and sends no more of it', () =>
    withPool({}, async (pool) => {
      const call = pool.classify(items('a', 'b', 'c', 'd', 'exit', 'f', 'g', 'h', 'exit'), 'bulk');
      await expect(call).rejects.toMatchObject({ code: 'thread_died' });
      expect(await pool.classify(items('after'), 'bulk')).toHaveLength(1);
    }));

  it('answers in the order given over many batches and threads, whatever the ids', () =>
    withPool({ threads: 2 }, async (pool) => {
      const many = Array.from({ length: 50 }, (_, i) => ({ id: 'same', text: String(i) }));
      const results = await pool.classify(many, 'bulk');
      expect(results.map((r) => (r.ok ? '' : r.reason.split(':')[1]))).toEqual(many.map((m) => m.text));
      expect(new Set(results.map((r) => r.id))).toEqual(new Set(['same']));
    }));

  it('answers live before bulk that came earlier', () =>
    withPool({}, async (pool) => {
      const order: string[] = [];
      const call = (name: string, lane: 'live' | 'bulk') =>
        pool.classify(items('a', 'b', 'c', 'd'), lane).then(() => order.push(name));
      await Promise.all([call('under way', 'bulk'), call('bulk', 'bulk'), call('live', 'live')]);
      expect(order).toEqual(['under way', 'live', 'bulk']);
    }));

  it('tells waiting callers when no thread can be started again', async () => {
    const events: InferenceEvent[] = [];
    const options = { ...erratic, entry: new URL('./support/erratic-thread.js', import.meta.url) };
    const pool = await startPool({ ...options, onEvent: (event) => events.push(event) });
    options.entry.pathname += '.gone';
    const lost = pool.classify(items('exit'), 'live');
    await expect(lost).rejects.toMatchObject({ code: 'thread_died' });
    await expect(pool.classify(items('waits'), 'live')).rejects.toMatchObject({ name: 'RedressError' });
    expect(events.at(-1)).toMatchObject({ kind: 'thread_lost', code: 'start_failed' });
    await pool.close();
  });

  it('does not start with a thread module that is not there', async () => {
    const entry = new URL('./support/nothing-here.js', import.meta.url);
    await expect(startPool({ ...erratic, threads: 2, entry })).rejects.toMatchObject({ code: 'thread_died' });
  });

  it('closes twice, finishes what is under way, refuses what waits and what comes later', async () => {
    const pool = await startPool(erratic);
    const underWay = pool.classify(items('a', 'b', 'c', 'd'), 'live');
    const waiting = pool.classify(items('e'), 'live');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await Promise.all([pool.close(), pool.close()]);
    expect(await underWay).toHaveLength(4);
    await refused;
    await expect(pool.classify(items('late'), 'live')).rejects.toMatchObject({ code: 'closed' });
  });

  it('labels with the shipped model in real threads, one bad item beside good ones', async () => {
    const inference = await startInference({ modelDir: MODEL_DIR, threads: 2 });
    try {
      expect(await inference.classify([], 'live')).toEqual([]);
      const results = await inference.classify(
        [
          { id: 'a', text: 'Your network is terrible, no signal in my street for three days, I cannot call' },
          { id: 'b', text: 42 as unknown as string },
          { id: 'c', text: 'una chop my 2k airtime again, return my money' },
        ],
        'live',
      );
      expect(results.map((r) => [r.id, r.ok])).toEqual([
        ['a', true],
        ['b', false],
        ['c', true],
      ]);
      const [network, , billing] = results;
      expect(network?.ok && network.prediction.heads.category.label).toBe('network');
      expect(network?.ok && network.prediction.negative).toBe(true);
      expect(billing?.ok && billing.prediction.heads.category.label).toBe('billing');
      expect(network?.ok && network.prediction.weightsHash).toBe(inference.model.weightsHash);
    } finally {
      await inference.close();
    }
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %p threads', (threads) =>
    expect(startInference({ modelDir: MODEL_DIR, threads })).rejects.toMatchObject({ code: 'bad_threads' }),
  );
});
