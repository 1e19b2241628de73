import type { KnownBlock, PlainTextElement } from '@slack/web-api';
import type { Category } from '../complaint/labels.js';
import type { ComplaintCard, Delivery } from './port.js';
import { cleanText, fitSlack, oneLine } from './slack-escape.js';

/**
 * Room for each part, UTF-16 units after escaping. Together they keep a message under 10,000 characters: Slack
 * refuses blocks above about 13,200 in all (`msg_blocks_too_long`), which it does not document.
 */
const ROOM = { header: 150, words: 2_000, place: 120, name: 80, evidence: 40, fallback: 300 } as const;
const EVIDENCE_WORDS = 8;

const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  network: 'Network',
  internet: 'Internet',
  billing: 'Billing',
  plans_pricing: 'Plans and pricing',
  customer_care: 'Customer care',
  sim_account: 'SIM and account',
  device_app: 'Device and app',
  mobile_money: 'Mobile money',
  vas_spam: 'VAS and spam',
  fraud: 'Fraud',
  cancellation_refund: 'Cancellation and refund',
  other: 'Other',
};

export type SlackMessage = {
  /** Shown by notifications and screen readers. */
  readonly text: string;
  readonly blocks: KnownBlock[];
  readonly metadata: { readonly event_type: string; readonly event_payload: Record<string, string> };
};

/** How `find` recognises a message of ours. */
export const EVENT_TYPE = 'complaint_routed';

/** Instants as `2026-01-31 09:05 (Africa/Lagos)`. Throws RangeError for an unknown IANA zone. */
export function clockIn(zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (at) => {
    if (Number.isNaN(at.getTime())) return 'time not known';
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute} (${zone})`;
  };
}

/** plain_text: no formatting, so `*131#` and `_` stay as the customer wrote them. */
const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });
const name = (text: string): string => fitSlack(oneLine(text), ROOM.name);
const heading = (card: ComplaintCard): string =>
  `${card.priority === 'high' ? 'High priority: ' : ''}${CATEGORY_NAMES[card.category]} · ${card.reference}`;

/** `value` is already escaped; verbatim keeps Slack from turning names and addresses into links. */
const field = (label: string, value: string) => ({
  type: 'mrkdwn' as const,
  text: `*${label}*\n${value}`,
  verbatim: true,
});

function what(card: ComplaintCard): string {
  const also = card.second === undefined ? '' : `, also ${CATEGORY_NAMES[card.second]}`;
  return `${CATEGORY_NAMES[card.category]}${also}`;
}

function sureness(card: ComplaintCard): string {
  const share = Math.min(99, Math.round(card.confidence * 100)); // no model is ever surer than that
  const percent = `${share} % sure of the category`;
  return card.abstained.length === 0 ? percent : `${percent}; undecided: ${name(card.abstained.join(', '))}`;
}

function facts(card: ComplaintCard, clock: (at: Date) => string) {
  const place = card.place === undefined ? '' : fitSlack(oneLine(card.place), ROOM.place);
  return [
    field('What', what(card)),
    field('Where', place === '' ? 'not stated' : place),
    field('How bad', `${card.urgency} urgency, ${card.sentiment}, ${card.priority} priority`),
    field('Since', clock(card.occurredAt)),
    field('Came through', `${name(card.source)}, feed ${name(card.feed)}`),
    field('Team', `${name(card.team)}, rule ${name(card.rule)}`),
  ];
}

function why(card: ComplaintCard): string {
  const words = card.evidence
    .slice(0, EVIDENCE_WORDS)
    .map((word) => fitSlack(oneLine(word), ROOM.evidence))
    .filter((word) => word !== '');
  return words.length === 0 ? sureness(card) : `${sureness(card)}. Telling words: ${words.join(', ')}`;
}

/**
 * The Slack message of a delivery: the same for every attempt, inside Slack's limits for any text, and unable to
 * mention or link anything that the customer wrote.
 */
export function slackMessage(delivery: Delivery, clock: (at: Date) => string): SlackMessage {
  const { card } = delivery;
  const words = cleanText(card.text) || '(no readable words)';
  const title = heading(card);
  return {
    text: fitSlack(`${title}: ${oneLine(words)}`, ROOM.fallback),
    blocks: [
      { type: 'header', text: plain(fitSlack(oneLine(title), ROOM.header)) },
      { type: 'section', fields: facts(card, clock) },
      { type: 'section', text: plain(`“${fitSlack(words, ROOM.words)}”`) },
      { type: 'context', elements: [plain(why(card))] },
    ],
    metadata: {
      event_type: EVENT_TYPE,
      event_payload: {
        complaint_id: card.id,
        reference: card.reference,
        delivery_id: delivery.id,
      },
    },
  };
}
