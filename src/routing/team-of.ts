import type { Category, Sentiment, Urgency } from '../complaint/labels.js';
import { matchRule, type Routing } from './rules.js';

/** Labels of a message as a person or a model gives them; `-`: no second category. */
export type TeamLabels = {
  readonly category: Category;
  readonly second?: Category | '-' | undefined;
  readonly sentiment: Sentiment;
  readonly urgency: Urgency;
};

/** The team that the labels alone send a message to: of no feed or place, and with nothing to doubt. */
export const teamOf = (routing: Routing, { category, second, sentiment, urgency }: TeamLabels): string =>
  matchRule(routing, {
    category,
    second: second === '-' ? undefined : second,
    sentiment,
    urgency,
    source: 'api',
    feed: '',
    negativeScore: 1,
    confidence: 1,
  }).team;
