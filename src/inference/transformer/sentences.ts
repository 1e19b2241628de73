import { softmax } from './decide.js';
import { TRANSFORMER_LABELS } from './manifest.js';
import { ADDS, type Said } from './session.js';
import type { Window } from './windows.js';

/** Pieces under which a sentence says too little by itself. */
const LEAST = 6;
/** Without a full stop a sentence ends here all the same. */
const MOST = 40;
const ENDS = new Set(['.', '!', '?', ';', '…', '。', '！', '？']);
/**
 * From this probability on a person should look at a text that is not negative as a whole. Chosen on dev, where it marks 7
 * of 137 such texts, all of which the heads were unsure of already.
 */
export const HIDDEN_FROM = 0.3;
const FROM = TRANSFORMER_LABELS.category.length;
const COUNT = TRANSFORMER_LABELS.sentiment.length;

type Part = Said & { readonly window: Window };

/** Sentences of a window as ranges of its pieces, [CLS] being piece 0. */
function sentencesOf({ words }: Window): [from: number, to: number][] {
  const sentences: [number, number][] = [];
  let from = 1;
  let piece = 1;
  for (const { surface, ids } of words) {
    piece += ids.length;
    if ((ENDS.has(surface) && piece - from >= LEAST) || piece - from >= MOST) {
      sentences.push([from, piece]);
      from = piece;
    }
  }
  if (piece - from >= LEAST) sentences.push([from, piece]);
  return sentences;
}

/**
 * Probability of displeasure in the one sentence that shows it most, 0 where no text has two. The vector of a text is the mean
 * of its pieces, so that three sentences of thanks can hide a fourth; a sentence's own mean is known as exactly as the whole's.
 */
export function mostDispleased(parts: readonly Part[], temperature: number): number {
  let most = 0;
  let count = 0;
  for (const { window, logits, words } of parts) {
    const pieces = window.size + 2;
    const bias = Float32Array.from(logits.sentiment);
    for (let p = 0; p < pieces; p++)
      for (let i = 0; i < COUNT; i++) bias[i] = (bias[i] as number) - (words[p * ADDS + FROM + i] as number);
    for (const [from, to] of sentencesOf(window)) {
      count += 1;
      const own = Float32Array.from(bias);
      for (let p = from; p < to; p++)
        for (let i = 0; i < COUNT; i++)
          own[i] = (own[i] as number) + ((words[p * ADDS + FROM + i] as number) * pieces) / (to - from);
      most = Math.max(most, softmax(own, temperature)[0] as number);
    }
  }
  return count < 2 ? 0 : most;
}
