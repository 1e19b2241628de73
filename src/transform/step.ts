import type { QuarantineReason } from '../complaint/reasons.js';

/** What a step says of one item: go on with what was added, put it aside, or try it again later. */
export type StepResult<T> =
  | { readonly ok: T }
  | { readonly quarantine: QuarantineReason; readonly detail: string }
  | { readonly retry: string };

/** Takes a batch, answers one result per item in the same order. A thrown error means: all of them again later. */
export type Step<In, Out> = (items: readonly In[]) => Promise<StepResult<Out>[]> | StepResult<Out>[];

export type Stopped = { readonly id: string } & (
  | { readonly quarantine: QuarantineReason; readonly detail: string }
  | { readonly retry: string }
);

type Item = { readonly id: string };

/** An ordered list of steps as one function over a batch. */
export type Pipeline<In extends Item, Out extends Item> = {
  pipe<Next extends Item>(step: Step<Out, Next>): Pipeline<In, Next>;
  run(items: readonly In[]): Promise<{ done: Out[]; stopped: Stopped[] }>;
};

function chain<In extends Item, Out extends Item>(
  run: (items: readonly In[]) => Promise<{ done: Out[]; stopped: Stopped[] }>,
): Pipeline<In, Out> {
  return {
    run,
    pipe: (step) =>
      chain(async (items) => {
        const before = await run(items);
        if (before.done.length === 0) return { done: [], stopped: before.stopped };
        const results = await step(before.done);
        if (results.length !== before.done.length)
          throw new Error(`step ${step.name} answered ${results.length} of ${before.done.length} items`);
        const done = results.flatMap((r) => ('ok' in r ? [r.ok] : []));
        const stopped = results.flatMap((r, i) =>
          'ok' in r ? [] : [{ id: (before.done[i] as Item).id, ...r }],
        );
        return { done, stopped: [...before.stopped, ...stopped] };
      }),
  };
}

/** The beginning of a pipeline; `.pipe(step(deps))` for each step. */
export const pipeline = <In extends Item>(): Pipeline<In, In> =>
  chain(async (items) => ({ done: [...items], stopped: [] }));

/** A step that never stops an item. */
export const each =
  <In, Out>(add: (item: In) => Out): Step<In, Out> =>
  (items) =>
    items.map((item) => ({ ok: add(item) }));
