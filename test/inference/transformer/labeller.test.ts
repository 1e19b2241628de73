import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { HEAD_NAMES } from '../../../src/complaint/labels.js';
import { Prediction } from '../../../src/complaint/prediction.js';
import { readLabelled } from '../../../src/inference/evaluation/rows.js';
import { type Labeller, loadLabeller } from '../../../src/inference/labeller.js';
import { hashOf } from '../../../src/inference/manifest.js';
import { UNREADABLE } from '../../../src/inference/transformer/decide.js';
import { openSession, type Session } from '../../../src/inference/transformer/session.js';
import { modelText } from '../../../src/inference/transformer/text.js';
import { MOST_WINDOWS, type Window, windowsOf } from '../../../src/inference/transformer/windows.js';
import { createSplitter } from '../../../src/inference/transformer/words.js';
import { TRANSFORMER_DIR } from '../support/transformer-dir.js';

/** How far a confidence may move with the texts that are read beside it: not at all, as the graph's int8 ranges are fixed. */
const MOVES = 0;
const ROOM = 126;

let labeller: Labeller;
let session: Session;
/** Written messages from a word to a page. */
let texts: string[];

beforeAll(async () => {
  labeller = await loadLabeller(TRANSFORMER_DIR);
  session = await openSession(TRANSFORMER_DIR);
  const { rows } = await readLabelled(join(resolve('models/training/baseline/data'), 'train_more.jsonl'));
  const drawn = rows.filter((_, i) => i % 79 === 0).map((r) => r.text);
  texts = [...drawn.slice(0, 58), 'ok', drawn.slice(0, 20).join(' ')];
});

async function label(...many: string[]): Promise<Prediction[]> {
  const answers = await labeller.label(many);
  expect(answers).toHaveLength(many.length);
  return answers.map((answer, i) => {
    if (!answer.ok) throw new Error(answer.reason);
    expect(Prediction.parse(answer.prediction)).toEqual(answer.prediction);
    expect(answer.prediction.textHash).toBe(hashOf(many[i] as string));
    return answer.prediction;
  });
}

const windows = (text: string): Window[] =>
  windowsOf(0, createSplitter(session.encode)(modelText(text)), ROOM);

/**
 * How far two answers to a text are apart, over all heads. Labels differ only where two were as good as equal: each is the
 * other's runner-up.
 */
function apart(one: Prediction, other: Prediction): number {
  const by = HEAD_NAMES.map((head) => {
    const [a, b] = [one.heads[head], other.heads[head]];
    if (a.label !== b.label) expect([a.label, a.runnerUp]).toEqual([b.runnerUp, b.label]);
    return Math.abs(a.confidence - b.confidence);
  });
  return Math.max(...by, Math.abs(one.negativeScore - other.negativeScore));
}
const farthest = (ones: readonly Prediction[], others: readonly Prediction[]): number =>
  Math.max(...ones.map((one, i) => apart(one, others[i] as Prediction)));

describe('the transformer answers every text', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n\t\u2028 '],
    ['NULs', '\0\0\0'],
    ['signs that join nothing', '\u200d\u0301\ufe0f'],
    ['half a surrogate pair', '\ud800'],
    ['what an encoding lost', '\ufffd \ufffd'],
  ])('%s: nobody can read it, so every head abstains', async (_, text) => {
    const [prediction] = await label(text);
    expect(prediction).toMatchObject({ ...UNREADABLE, evidence: [] });
  });

  it.each([
    ['emoji alone, read by their names', '😡😡😡', ['😡']],
    ['Chinese', '网络很差，请修理', ['网络很差', '请修理']],
    ['Arabic', 'لا توجد شبكة', ['لا', 'توجد', 'شبكة']],
    ['a word around a NUL', 'no\0network', ['no', 'network']],
    ['a word beside half a surrogate pair', '\udc00 network', ['network']],
    ['one word of 5,000 letters, too long to be shown', 'k'.repeat(5_000), []],
    ['a megabyte without a space', 'x'.repeat(1_000_000), []],
  ])('%s', async (_, text, words) => {
    const [prediction] = await label(text);
    expect(prediction).not.toMatchObject(UNREADABLE);
    for (const word of prediction?.evidence ?? []) expect(words).toContain(word);
  });

  it('a megabyte of words, of which so many windows are read', async () => {
    const text = 'my data is gone again and nobody picks the call. '.repeat(21_000);
    const read = windows(text);
    expect(read).toHaveLength(MOST_WINDOWS);
    const [whole, half] = await label(text, text.slice(0, text.length / 2));
    expect(whole?.heads.category.label).toBe(half?.heads.category.label);
  });
});

describe('the transformer reads a text', () => {
  it('alone as among 59 others of many lengths', async () => {
    const alone: Prediction[] = [];
    for (const text of texts) alone.push(...(await label(text)));
    expect(farthest(alone, await label(...texts))).toBeLessThanOrEqual(MOVES);
  });

  it('in any order of a batch, and answers in that order', async () => {
    const back = await label(...[...texts].reverse());
    expect(farthest(back.reverse(), await label(...texts))).toBeLessThanOrEqual(MOVES);
  });

  it('the same when it is given again', async () => {
    expect(await label(...texts)).toEqual(await label(...texts));
  });

  it('to its end, where the last sentence alone is about money', async () => {
    const last = 'They deducted 5,000 naira from my account twice.';
    const text = `${'The network has been slow in our street since Monday and nobody comes. '.repeat(30)}${last}`;
    const read = windows(text);
    expect(read.length).toBeGreaterThan(1);
    expect(read.length).toBeLessThan(MOST_WINDOWS);
    const surfaces = read.flatMap((w) => w.words.map((word) => word.surface));
    expect(surfaces.join('')).toBe(modelText(text).replaceAll(' ', ''));
    const [whole, without] = await label(text, text.slice(0, -last.length));
    expect(whole?.heads).not.toEqual(without?.heads);
  });
});
