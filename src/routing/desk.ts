import type { Category, Sentiment, Urgency } from '../complaint/labels.js';
import type { Source } from '../complaint/aligned.js';
import type { Desk } from './decide.js';
import { matchRule, type Routing } from './rules.js';

/** The desk of a routing.yaml. Without a Slack token what would go to Slack goes to the outbox, under the same name. */
export function deskOf(routing: Routing, slack: 'slack' | 'outbox'): Desk {
  return {
    version: routing.version,
    triage: routing.triage,
    match: (facts) =>
      matchRule(routing, {
        category: facts.effective.category as Category,
        second: facts.second as Category | undefined,
        sentiment: facts.effective.sentiment as Sentiment,
        urgency: facts.effective.urgency as Urgency,
        source: facts.source as Source,
        feed: facts.feed,
        place: facts.place,
        negativeScore: facts.negativeScore,
        confidence: facts.confidence,
      }),
    destinations(team) {
      const { slack: channel, tickets } = routing.teams[team] ?? { slack: '', tickets: '' };
      return [
        { sink: slack, target: channel },
        { sink: 'tickets', target: tickets },
      ];
    },
  };
}
