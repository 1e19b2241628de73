import { z } from 'zod';
import { CATEGORIES, COMPLAINT, LANGUAGES, SENTIMENTS, URGENCIES } from './labels.js';

const confidence = z.number().min(0).max(1);
const head = <const T extends readonly [string, ...string[]]>(labels: T) =>
  z.object({
    label: z.enum(labels).describe('Best label of this head; kept also when the head abstains.'),
    confidence: confidence.describe('Calibrated probability of the label, 0 to 1.'),
    runnerUp: z.enum(labels).optional().describe('Second best label.'),
    abstained: z
      .boolean()
      .describe("True when the confidence is under the label's threshold: a person should look."),
  });

/** One model's opinion of one text. `evidence` holds the words and emoji of the redacted text that weighed most. */
export const Prediction = z.object({
  modelId: z.string().max(64),
  weightsHash: z
    .string()
    .max(64)
    .describe('sha256 of the weights: labels are reused while it and textHash are equal.'),
  textHash: z.string().max(64).describe('sha256 of the text that the model saw.'),
  heads: z.object({
    category: head(CATEGORIES),
    second: z.enum(CATEGORIES).optional().describe('Another category the message is also about.'),
    sentiment: head(SENTIMENTS),
    complaint: head(COMPLAINT),
    urgency: head(URGENCIES),
    language: z
      .object({
        label: z.enum(LANGUAGES).describe('Best language.'),
        confidence: confidence.describe('Calibrated probability of it.'),
      })
      .optional()
      .describe('Language of the text, where the model tells it.'),
  }),
  negative: z.boolean().describe("Decided at the model manifest's operating point."),
  negativeScore: confidence.describe('The score that the operating point cuts.'),
  evidence: z.array(z.string().max(64)).max(8),
});
export type Prediction = z.infer<typeof Prediction>;
