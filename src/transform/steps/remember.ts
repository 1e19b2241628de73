import { createHash } from 'node:crypto';
import type { EarlierRecord, Readable, Remembered } from '../items.js';
import type { Step } from '../step.js';

export const textHashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Adds the prediction of an earlier run if the same weights made it of the same text. */
export function remember(
  earlier: (ids: readonly string[]) => Promise<EarlierRecord[]>,
  weightsHash: string,
): Step<Readable, Remembered> {
  return async function remember(items) {
    const known = new Map((await earlier(items.map((i) => i.id))).map((c) => [c._id, c.prediction]));
    return items.map((item) => {
      const textHash = textHashOf(item.text);
      const before = known.get(item.id);
      const holds = before?.textHash === textHash && before.weightsHash === weightsHash;
      return { ok: holds ? { ...item, textHash, earlier: before } : { ...item, textHash } };
    });
  };
}
