import { RedressError } from '../../complaint/errors.js';
import { HEADS } from '../../complaint/labels.js';
import type { Prediction } from '../../complaint/prediction.js';
import type { Guard } from '../guard.js';
import type { Answer, Labeller } from '../labeller.js';
import { hashOf, type ModelFiles } from '../manifest.js';
import { type Decision, decide, type Logits, UNREADABLE } from './decide.js';
import { evidenceOf, type Weighed } from './evidence.js';
import { TRANSFORMER_LABELS, type TransformerDecides } from './manifest.js';
import { ADDS, openSession, type Said, type Session } from './session.js';
import { HIDDEN_FROM, mostDispleased } from './sentences.js';
import { modelText } from './text.js';
import { batchesOf, type Window, windowsOf } from './windows.js';
import { createSplitter } from './words.js';

/** Pieces, padding included, that are computed at once: more is not faster, and needs more memory. */
const PIECES_AT_ONCE = 1_024;
const HEAD_NAMES = Object.keys(TRANSFORMER_LABELS) as (keyof typeof TRANSFORMER_LABELS)[];

const sizeOf = (parts: readonly { readonly window: Window }[]): number =>
  parts.reduce((n, { window }) => n + window.size, 0);

/** Logits of a text: the mean over its windows, each by its pieces, as one pooled vector of all would give them. */
function pooled(parts: readonly (Said & { readonly window: Window })[]): Logits {
  const whole = sizeOf(parts);
  const [only] = parts;
  if (parts.length === 1 && only) return only.logits;
  return Object.fromEntries(
    HEAD_NAMES.map((head) => {
      const mean = new Float32Array(TRANSFORMER_LABELS[head].length);
      for (const { logits, window } of parts)
        logits[head].forEach((x, i) => {
          mean[i] = (mean[i] as number) + (x * window.size) / whole;
        });
      return [head, mean];
    }),
  ) as Logits;
}

/** What each word of a window adds to the logits of its text, the sum over its pieces; `share` is the window's of the text. */
function weighed({ window, words }: Said & { readonly window: Window }, share: number): Weighed[] {
  let piece = 1; // after [CLS]
  return window.words.map(({ surface, ids }) => {
    const adds = new Float32Array(ADDS);
    for (const end = piece + ids.length; piece < end; piece++)
      for (let i = 0; i < ADDS; i++) {
        const here = (words[piece * ADDS + i] as number) * share;
        adds[i] = (adds[i] as number) + here;
      }
    return { surface, adds };
  });
}

/** Labels texts with an open session: the text as the model reads it, windows of it, one run a batch. */
export function createLabeller(
  session: Session,
  decides: TransformerDecides,
  model: Labeller['model'],
): Labeller {
  const split = createSplitter(session.encode);
  /** One displeased sentence among polite ones: the whole is not sure of its sentiment then, so that a person sees it. */
  const lookedInto = (whole: Decision, parts: readonly (Said & { readonly window: Window })[]): Decision => {
    if (whole.negative || mostDispleased(parts, decides.temperatures.sentiment) < HIDDEN_FROM) return whole;
    const { heads } = whole;
    return { ...whole, heads: { ...heads, sentiment: { ...heads.sentiment, abstained: true } } };
  };
  const predicted = (text: string, parts: readonly (Said & { readonly window: Window })[]): Prediction => {
    const ids = { modelId: model.id, weightsHash: model.weightsHash, textHash: hashOf(text) };
    if (parts.length === 0) return { ...ids, ...UNREADABLE, evidence: [] };
    const decision = lookedInto(decide(pooled(parts), decides), parts);
    const category = HEADS.category.indexOf(decision.heads.category.label);
    const whole = sizeOf(parts);
    const words = parts.flatMap((part) => weighed(part, part.window.size / whole));
    return { ...ids, ...decision, evidence: evidenceOf(text, words, category, decision.negative) };
  };

  return {
    model,
    label: async (texts) => {
      const windows = texts.flatMap((text, i) => windowsOf(i, split(modelText(text)), decides.pieces - 2));
      const parts: (Said & { readonly window: Window })[][] = texts.map(() => []);
      for (const batch of batchesOf(windows, PIECES_AT_ONCE)) {
        const said = await session.run(batch);
        for (const [row, window] of batch.entries())
          parts[window.text]?.push({ ...(said[row] as Said), window });
      }
      return texts.map((text, i): Answer => ({ ok: true, prediction: predicted(text, parts[i] ?? []) }));
    },
  };
}

/** A verified model folder, opened. Throws `RedressError` (`model_damaged`, `model_mismatch`). */
export async function loadTransformer(
  modelDir: string,
  { manifest, info }: ModelFiles,
  guard: Guard,
): Promise<Labeller> {
  if (manifest.kind !== 'transformer') throw new TypeError(`${manifest.id} is no transformer`);
  let session: Session;
  try {
    session = await openSession(modelDir, guard);
  } catch (e) {
    throw new RedressError(
      'inference',
      'model_damaged',
      `The model in ${modelDir} can't be opened: ${(e as Error).message}.`,
      'Restore the model folder from the release, or train it again (models/README.md).',
      { cause: e },
    );
  }
  return createLabeller(session, manifest.decides, info);
}
