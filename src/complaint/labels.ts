import { z } from 'zod';

/** The label vocabulary of annotation guidelines v1.1; order is the order of a model's outputs and never changes. */
export const CATEGORIES = [
  'network',
  'internet',
  'billing',
  'plans_pricing',
  'customer_care',
  'sim_account',
  'device_app',
  'mobile_money',
  'vas_spam',
  'fraud',
  'cancellation_refund',
  'other',
] as const;
export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const;
export const COMPLAINT = ['y', 'n'] as const;
export const URGENCIES = ['low', 'normal', 'high'] as const;
/** English, Nigerian Pidgin, a mix, Hausa, Yoruba, Igbo. */
export const LANGUAGES = ['en', 'pcm', 'mix', 'hau', 'yor', 'ibo', 'other'] as const;

/** What one model decides about one text; each head is a closed list of labels. */
export const HEADS = {
  category: CATEGORIES,
  sentiment: SENTIMENTS,
  complaint: COMPLAINT,
  urgency: URGENCIES,
} as const;
export type Head = keyof typeof HEADS;
export const HEAD_NAMES = Object.keys(HEADS) as Head[];

export const Category = z.enum(CATEGORIES).describe('The team that should act first.');
export const Sentiment = z.enum(SENTIMENTS).describe("The writer's attitude to the operator.");
export const ComplaintFlag = z.enum(COMPLAINT).describe('y if the operator should act for this customer.');
export const Urgency = z.enum(URGENCIES).describe('How soon somebody should act.');
export type Category = z.infer<typeof Category>;
export type Sentiment = z.infer<typeof Sentiment>;
export type Urgency = z.infer<typeof Urgency>;
export type LabelOf<H extends Head> = (typeof HEADS)[H][number];
