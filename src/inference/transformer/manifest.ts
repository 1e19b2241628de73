import { z } from 'zod';
import { CATEGORIES, COMPLAINT, LANGUAGES, SENTIMENTS, URGENCIES } from '../../complaint/labels.js';

const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const perLabel = <const T extends readonly [string, ...string[]]>(labels: T) =>
  z.record(z.enum(labels), share);

/** All that changes an answer of a transformer. Its hash is the prediction's `weightsHash`. */
export const TransformerDecides = z.object({
  text: z.int().describe('MODEL_TEXT_VERSION the weights were trained with.'),
  files: z.record(z.string().regex(/^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)?$/), sha256),
  labels: z.object({
    category: z.array(z.string()),
    sentiment: z.array(z.string()),
    complaint: z.array(z.string()),
    urgency: z.array(z.string()),
    second: z.array(z.string()),
    language: z.array(z.string()),
  }),
  pieces: z.int().min(8).describe('Pieces that are read at once, [CLS] and [SEP] among them.'),
  pooled: z
    .object({ output: z.literal('pooled'), layer: z.int(), pooling: z.literal('mean'), dimension: z.int() })
    .describe('The vector of a text that later stages compare; frozen with the model.'),
  temperatures: z.object({
    category: z.number().positive(),
    sentiment: z.number().positive(),
    complaint: z.number().positive(),
    urgency: z.number().positive(),
    second: z.number().positive(),
    language: z.number().positive(),
  }),
  abstainBelow: z
    .object({
      category: perLabel(CATEGORIES),
      sentiment: perLabel(SENTIMENTS),
      complaint: perLabel(COMPLAINT),
      urgency: perLabel(URGENCIES),
    })
    .describe('Of each label, the confidence under which the head abstains.'),
  secondFrom: share.describe('Least probability of a second category.'),
  negativeFrom: share.describe('Operating point: negative is negativeScore at or over it.'),
});
export type TransformerDecides = z.infer<typeof TransformerDecides>;

/** What the runtime opens; each must have its hash in the manifest. */
export const TRANSFORMER_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
] as const;

/** Label lists of the graph's outputs, in order. */
export const TRANSFORMER_LABELS = {
  category: CATEGORIES,
  sentiment: SENTIMENTS,
  complaint: COMPLAINT,
  urgency: URGENCIES,
  second: [...CATEGORIES, '-'],
  language: LANGUAGES,
} as const;
