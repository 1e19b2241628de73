import type { Answer, Labeller } from './labeller.js';

/** One text of a batch; `seq` is the pool's own number, because callers' ids may repeat. */
export type WireItem = { readonly seq: number; readonly text: string };

export type WireResult = { readonly seq: number } & Answer;

/** Pool to thread: one batch at a time. */
export type ToThread = { readonly batch: number; readonly items: readonly WireItem[] };

/** Thread to pool: `ready` once the model is loaded, then one answer per batch. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly batch: number; readonly results: readonly WireResult[] };

/** Labels a batch; what fails on one text stays with that text, and its reason never holds the text. */
export async function answer(
  labeller: Pick<Labeller, 'label'>,
  { batch, items }: ToThread,
): Promise<FromThread> {
  const texts = items.filter(({ text }) => typeof text === 'string');
  const answers = await labeller.label(texts.map(({ text }) => text));
  const of = new Map(texts.map((item, i) => [item, answers[i]]));
  const results = items.map((item): WireResult => {
    const { seq, text } = item;
    return { seq, ...(of.get(item) ?? { ok: false, reason: `text is ${typeof text}, not a string` }) };
  });
  return { kind: 'done', batch, results };
}

/** The results by `seq`, or undefined if they are not exactly one for each item of the batch. */
export function matched(sent: ToThread, got: FromThread): Map<number, WireResult> | undefined {
  if (got.kind !== 'done' || got.batch !== sent.batch || got.results.length !== sent.items.length)
    return undefined;
  const bySeq = new Map(got.results.map((result) => [result.seq, result]));
  return bySeq.size === sent.items.length && sent.items.every(({ seq }) => bySeq.has(seq))
    ? bySeq
    : undefined;
}
