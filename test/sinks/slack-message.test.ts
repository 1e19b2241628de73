import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText, escapeSlack, fitSlack, SHORTENED } from '../../src/sinks/slack-escape.js';
import { clockIn, slackMessage } from '../../src/sinks/slack-message.js';
import { checkBlocks, checkMetadata } from '../../stand-ins/slack/limits.js';
import { delivery, HARD_TEXTS } from './contract.js';

const clock = clockIn('Africa/Lagos');
const message = (card: Parameters<typeof delivery>[1] = {}) =>
  slackMessage(delivery('billing', card, 'dlv-0001'), clock);
const wordsOf = (text: string): string => {
  const block = message({ text }).blocks[2];
  return block?.type === 'section' ? (block.text?.text ?? '') : '';
};
const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), (s) => s.segment);

describe('slack message', () => {
  it('reads like this', () => {
    expect(message({ abstained: ['category', 'urgency'] })).toEqual({
      text:
        'High priority: Network · 7K3M9-QX2TA-W: ' +
        'No network in Ikeja since Monday. I dialled *131# and nothing, please help.',
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', emoji: false, text: 'High priority: Network · 7K3M9-QX2TA-W' },
        },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', verbatim: true, text: '*What*\nNetwork, also Internet' },
            { type: 'mrkdwn', verbatim: true, text: '*Where*\nIkeja, Lagos' },
            { type: 'mrkdwn', verbatim: true, text: '*How bad*\nhigh urgency, negative, high priority' },
            { type: 'mrkdwn', verbatim: true, text: '*Since*\n2026-01-31 09:05 (Africa/Lagos)' },
            { type: 'mrkdwn', verbatim: true, text: '*Came through*\nx, feed x-main' },
            { type: 'mrkdwn', verbatim: true, text: '*Team*\nnetwork-ops, rule network-high' },
          ],
        },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            emoji: false,
            text: '“No network in Ikeja since Monday. I dialled *131# and nothing, please help.”',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'plain_text',
              emoji: false,
              text: '87 % sure of the category; undecided: category, urgency. Telling words: no network, nothing',
            },
          ],
        },
      ],
      metadata: {
        event_type: 'complaint_routed',
        event_payload: { complaint_id: 'cmp-0001', reference: '7K3M9-QX2TA-W', delivery_id: 'dlv-0001' },
      },
    });
  });

  it('is the same for every attempt', () => {
    expect(JSON.stringify(message())).toBe(JSON.stringify(message()));
  });

  it('shortens 20,000 characters where a reader sees it', () => {
    const words = wordsOf(HARD_TEXTS.long ?? '');
    expect(words).toMatch(/^“My money is gone .*… \(shortened\)”$/);
    expect(words.length).toBeLessThanOrEqual(2_002);
    expect(words.length).toBeGreaterThan(1_950);
  });

  it('keeps emoji whole', () => {
    const words = wordsOf(HARD_TEXTS.emoji ?? '');
    const shown = graphemes(words.slice(1, -1 - SHORTENED.length));
    expect(new Set(shown)).toEqual(new Set(['😡', '👩🏽‍👩🏽‍👧🏽', '🇳🇬']));
  });

  it('takes direction overrides out and leaves the rest of a right-to-left text', () => {
    expect(wordsOf(HARD_TEXTS['right to left'] ?? '')).toBe('“الشبكة لا تعمل منذ يومين  في البيت”');
  });

  it('cannot be made to mention or link', () => {
    const hostile = '<!channel> &amp; <http://x|y>';
    const { text, blocks } = message({ text: hostile, place: hostile, team: hostile, evidence: [hostile] });
    const escaped = '&lt;!channel&gt; &amp;amp; &lt;http://x|y&gt;';
    expect(wordsOf(hostile)).toBe(`“${escaped}”`);
    expect(text).toBe(`High priority: Network · 7K3M9-QX2TA-W: ${escaped}`);
    expect(JSON.stringify(blocks)).not.toMatch(/[<>]/);
    expect(JSON.stringify(blocks)).toContain(`*Where*\\n${escaped}`);
  });

  it('has words for what is missing', () => {
    const { blocks } = message({ text: '\u0000 \n', place: '\u202e', second: undefined, evidence: [] });
    expect(JSON.stringify(blocks)).toMatch(/\(no readable words\).*87 % sure of the category"/);
    expect(JSON.stringify(blocks)).toContain('*Where*\\nnot stated');
    expect(clock(new Date(Number.NaN))).toBe('time not known');
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.string({ unit: 'grapheme', maxLength: 3_000 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n))).map((a) => a.join('')),
    fc
      .tuple(
        fc.constantFrom('&', '<', '\n', '😡', '👩🏽‍👩🏽‍👧🏽', 'e\u0301\u0302', '\ud83d', ' ', 'a&'),
        fc.nat(20_000),
      )
      .map(([part, times]) => part.repeat(Math.floor(times / part.length))),
  );

  it('stays inside the limits of Slack for any text', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, place, other) => {
        const {
          blocks,
          metadata,
          text: fallback,
        } = message({
          text,
          place: place.slice(0, 1_024),
          evidence: Array.from({ length: 12 }, () => other),
          team: other,
          rule: place,
          feed: other,
        });
        checkBlocks(blocks);
        checkMetadata(metadata);
        const whole = JSON.stringify(blocks);
        expect(Buffer.byteLength(whole)).toBeLessThan(10_000);
        expect(whole.length + fallback.length).toBeLessThan(10_000);
        expect(`${whole}${fallback}`.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
        expect(Buffer.from(fallback).toString()).toBe(fallback);
      }),
      { numRuns: 150 },
    );
  });

  it('cuts between graphemes, after escaping', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 400 }), (raw, max) => {
        const text = cleanText(raw);
        const fitted = fitSlack(text, max);
        expect(fitted.length).toBeLessThanOrEqual(max);
        if (!fitted.endsWith(SHORTENED)) return expect(fitted).toBe(escapeSlack(text));
        const kept = fitted.slice(0, -SHORTENED.length);
        let prefix = '';
        for (const part of graphemes(text)) {
          if (prefix.trimEnd() === kept) break;
          prefix += escapeSlack(part);
        }
        expect(prefix.trimEnd()).toBe(kept);
      }),
      { numRuns: 150 },
    );
  });
});
