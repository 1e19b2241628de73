import { z } from 'zod';
import { CATEGORIES, COMPLAINT, HEAD_NAMES, LANGUAGES, SENTIMENTS, URGENCIES } from '../complaint/labels.js';
import type { Prediction } from '../complaint/prediction.js';
import type { InferenceResult } from './port.js';

const share = z.number().min(0).max(1);

/** The answer of `redress classify` and `POST /v1/classify` about one text, flat: one line of a table. */
export const Classified = z.object({
  id: z.string().optional().describe('Yours, as it was sent.'),
  category: z.enum(CATEGORIES).describe('The team that should act first.'),
  second: z.enum(CATEGORIES).nullable().describe('Another category the message is also about.'),
  sentiment: z.enum(SENTIMENTS).describe("The writer's attitude to the operator."),
  complaint: z.enum(COMPLAINT).describe('y if the operator should act for this customer.'),
  urgency: z.enum(URGENCIES).describe('How soon somebody should act.'),
  language: z.enum(LANGUAGES).nullable().describe('Null where the model does not tell it.'),
  negative: z
    .boolean()
    .describe("Complaint or displeased, at the model's operating point: it would be routed."),
  confidence: z
    .object({
      category: share.describe('Of `category`.'),
      sentiment: share.describe('Of `sentiment`.'),
      complaint: share.describe('Of `complaint`.'),
      urgency: share.describe('Of `urgency`.'),
      language: share.optional().describe('Of `language`.'),
      negative: share.describe('The score that decides `negative`.'),
    })
    .describe('Calibrated probability of each label; of `negative`, the score that is cut.'),
  abstained: z
    .array(z.enum(HEAD_NAMES as ['category']))
    .describe('Heads that are not sure: a person should look.'),
  model: z.string().describe('Model and the first 12 characters of the hash of its weights.'),
  evidence: z.array(z.string()).optional().describe('Words that decided, the strongest first; on demand.'),
});
export type Classified = z.infer<typeof Classified>;

function classified(
  id: string | undefined,
  { heads, modelId, weightsHash, negative, negativeScore, evidence }: Prediction,
  explain: boolean,
): Classified {
  const { category, second, sentiment, complaint, urgency, language } = heads;
  return {
    ...(id === undefined ? {} : { id }),
    category: category.label,
    second: second ?? null,
    sentiment: sentiment.label,
    complaint: complaint.label,
    urgency: urgency.label,
    language: language?.label ?? null,
    negative,
    confidence: {
      category: category.confidence,
      sentiment: sentiment.confidence,
      complaint: complaint.confidence,
      urgency: urgency.confidence,
      ...(language && { language: language.confidence }),
      negative: negativeScore,
    },
    abstained: HEAD_NAMES.filter((head) => heads[head].abstained) as 'category'[],
    model: `${modelId}@${weightsHash.slice(0, 12)}`,
    ...(explain ? { evidence } : {}),
  };
}

/** The answer about one text; its neighbours were labelled where this one could not be. */
export function answerOf(
  id: string | undefined,
  result: InferenceResult,
  explain: boolean,
): Classified | { readonly id?: string; readonly error: string } {
  if (result.ok) return classified(id, result.prediction, explain);
  return { ...(id === undefined ? {} : { id }), error: result.reason };
}
