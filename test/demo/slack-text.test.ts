import { describe, expect, it } from '@jest/globals';
import { slackBox } from '../../demo/slack-text.js';
import { width } from '../../demo/width.js';

const plain = (text: string): string => text;
const field = (label: string, value: string) => ({ type: 'mrkdwn', text: `*${label}*\n${value}` });
const box = (text: string, columns = 60) =>
  slackBox(
    {
      reference: 'R',
      channel: 'complaints-billing',
      at: '09:30',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Billing · R' } },
        { type: 'section', fields: [field('What', 'Billing'), field('Where', 'Ikeja &amp; Yaba')] },
        { type: 'section', text: { type: 'plain_text', text } },
        { type: 'context', elements: [{ type: 'plain_text', text: '80 % sure' }] },
      ],
    },
    columns,
    plain,
  );

describe('a Slack message as text', () => {
  it('has the labels over their values, side by side, entities as characters', () => {
    const lines = box('“My money”').map((line) => line.replace(/\s+/g, ' '));
    expect(lines).toEqual([
      expect.stringContaining('┌─ #complaints-billing ─'),
      '│ Billing · R │',
      '│ What Where │',
      '│ Billing Ikeja & Yaba │',
      '│ “My money” │',
      '│ 80 % sure │',
      expect.stringMatching(/^└─+┘$/),
    ]);
  });

  it.each([
    ['emoji and joined emoji', '😩😩 my 👩‍👩‍👧‍👦 has no network ❤️'.repeat(5)],
    ['wide characters', '网络坏了'.repeat(30)],
    ['combining marks', 'Ẹ̀kó ń gbàmí '.repeat(20)],
    ['one endless word', 'x'.repeat(500)],
    ['line breaks', 'one\n\ntwo\nthree'],
  ])('keeps its frame around %s', (_, text) => {
    for (const columns of [56, 60, 96])
      expect(new Set(box(text, columns).map(width))).toEqual(new Set([columns]));
  });

  it('lets no text steer the terminal', () => {
    const shown = box('a\u001b[2Jb\u202ec').join('\n');
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toContain('\u202e');
  });
});
