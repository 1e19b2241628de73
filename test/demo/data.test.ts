import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CATEGORIES, Category, ComplaintFlag, Sentiment, Urgency } from '../../src/complaint/labels.js';
import { RestComplaint } from '../../src/complaint/rest.js';
import { Corpus } from './disjoint.js';
import {
  baselineTexts,
  csvRows,
  DEMO_DATA,
  type DemoMessage,
  linesOf,
  messagesOf,
  ROOT,
  sharedTexts,
  WRITTEN,
} from './files.js';

const byFile = WRITTEN.map((name) => [name, messagesOf(name)] as const);
const all = byFile.flatMap(([, messages]) => messages);
const readme = readFileSync(join(ROOT, 'demo', 'README.md'), 'utf8');
const content = (m: DemoMessage): string => JSON.stringify(m);

/** What a door with sender identity must answer for these lines in order. */
function doorOutcomes(messages: readonly DemoMessage[]) {
  const kept = new Map<string, string>();
  const outcomes = { accepted: 0, repeated: 0, conflict: 0 };
  for (const m of messages) {
    const before = kept.get(m.externalId);
    if (before === undefined) kept.set(m.externalId, content(m));
    outcomes[before === undefined ? 'accepted' : before === content(m) ? 'repeated' : 'conflict']++;
  }
  return outcomes;
}

describe('messages written for the demo', () => {
  it.each(byFile)('%s.jsonl holds bodies that the REST door takes', (_, messages) => {
    for (const { minutesAgo, ...body } of messages) {
      expect(RestComplaint.safeParse(body)).toMatchObject({ success: true });
      expect(Number.isInteger(minutesAgo) && minutesAgo > 0).toBe(true);
    }
  });

  it('repeats five deliveries and contradicts two, as the README says', () => {
    const outcomes = Object.fromEntries(byFile.map(([name, messages]) => [name, doorOutcomes(messages)]));
    expect(outcomes).toEqual({
      x: { accepted: 72, repeated: 1, conflict: 0 },
      sms: { accepted: 72, repeated: 2, conflict: 0 },
      form: { accepted: 41, repeated: 1, conflict: 0 },
      api: { accepted: 43, repeated: 1, conflict: 2 },
    });
  });

  it('lets three pairs of customers use the same words', () => {
    const customers = new Map<string, Set<string>>();
    for (const m of all)
      customers.set(m.text, (customers.get(m.text) ?? new Set()).add(JSON.stringify(m.customer)));
    expect([...customers.values()].filter((who) => who.size > 1).map((who) => who.size)).toEqual([2, 2, 2]);
  });

  it.each([
    ['zero-width characters beside HTML entities', /\u200b.*&amp;/u],
    ['Slack control sequences', /^<!channel> & <http:\/\/x\|y>/u],
    ['nothing but emoji', /^\p{Extended_Pictographic}+$/u],
    ['two characters', /^..$/u],
    ['1,500 characters and more', /^.{1500,}$/su],
  ])('has a text with %s', (_, shape) => {
    expect(all.some((m) => shape.test(m.text))).toBe(true);
  });

  it('keeps X ids beyond 2^53 apart and rising with time, posts within 280 characters', () => {
    const posts = messagesOf('x');
    const first = posts.filter((m, i) => posts.findIndex((o) => o.externalId === m.externalId) === i);
    for (const [i, m] of first.entries()) {
      const next = first[i + 1];
      expect(m.externalId).toMatch(/^\d{19}$/u);
      expect([...m.text].length).toBeLessThanOrEqual(280);
      if (next === undefined) continue;
      expect(BigInt(next.externalId) > BigInt(m.externalId)).toBe(true);
      expect(next.minutesAgo).toBeLessThanOrEqual(m.minutesAgo);
    }
  });

  it('names nobody: numbers and addresses are of the invented ranges only', () => {
    const files = ['x.jsonl', 'sms.jsonl', 'form.jsonl', 'api.jsonl', 'broken.csv'];
    const text = files.map((name) => readFileSync(join(DEMO_DATA, name), 'utf8')).join('\n');
    const phones = text.match(/(?:\+234|\b0)[ -]?[789][01]\d[ -]?\d{3}[ -]?\d{4}\b/gu) ?? [];
    const mails = text.match(/[\w.+-]+@[\w-]+\.[\w.-]+\w/gu) ?? [];
    expect(phones.length).toBeGreaterThan(90);
    expect(phones.filter((p) => !/^(?:234|0)8035550[1-3]\d\d$/u.test(p.replace(/\D/gu, '')))).toEqual([]);
    expect(mails.length).toBeGreaterThan(40);
    expect(mails.filter((m) => !/@example\.(?:com|org|net)$/u.test(m))).toEqual([]);
  });
});

describe('expected.jsonl', () => {
  const Expected = z
    .object({
      externalId: z.string(),
      category: Category,
      sentiment: Sentiment,
      complaint: ComplaintFlag,
      urgency: Urgency,
    })
    .strict();
  const expected = linesOf(join(DEMO_DATA, 'expected.jsonl')).map((line) => Expected.parse(JSON.parse(line)));

  it('labels each written message once', () => {
    const ids = expected.map((e) => e.externalId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set(all.map((m) => m.externalId)));
  });

  it('covers all twelve categories, and enough praise, questions and urgency to show', () => {
    expect(new Set(expected.map((e) => e.category))).toEqual(new Set(CATEGORIES));
    expect(expected.filter((e) => e.sentiment === 'positive').length).toBeGreaterThanOrEqual(15);
    expect(expected.filter((e) => e.sentiment === 'neutral').length).toBeGreaterThanOrEqual(40);
    expect(expected.filter((e) => e.urgency === 'high').length).toBeGreaterThanOrEqual(30);
  });
});

describe('broken.csv', () => {
  const { rows } = csvRows(join(DEMO_DATA, 'broken.csv'));

  it('has 25 usable rows, two of them closed, and five that the README explains', () => {
    const date = /^2026-11-(?:0[1-9]|[12]\d|30) (?:[01]\d|2[0-3]):[0-5]\d$/u;
    const cells = (raw: string) => raw.match(/"(?:[^"]|"")*"|[^,\n]+|(?<=,)(?=,)/gu)?.length;
    const bad = rows.filter(
      ({ record, raw }) =>
        record.complaint?.trim() === '' || !date.test(record.opened_at ?? '') || cells(raw) !== 7,
    );
    expect(rows.length).toBe(30);
    expect(bad.map((row) => row.record.ticket_id)).toEqual([
      'CC-110006',
      'CC-110008',
      'CC-110010',
      'CC-110016',
      'CC-110027',
    ]);
    const closed = rows.filter((row) => row.record.status?.toLowerCase() === 'closed');
    expect(closed.length).toBe(2);
    for (const { record } of [...bad, ...closed]) expect(readme).toContain(record.ticket_id);
  });

  it('has more physical lines than rows: a quoted cell spans four', () => {
    expect(linesOf(join(DEMO_DATA, 'broken.csv')).length).toBe(1 + rows.length + 3);
  });
});

describe('call-centre.csv', () => {
  it('holds at least 150 public records of eleven cells, each ticket once', () => {
    const { rows } = csvRows(join(DEMO_DATA, 'call-centre.csv'));
    expect(rows.length).toBeGreaterThanOrEqual(150);
    expect(rows.every(({ record }) => Object.keys(record).length === 11)).toBe(true);
    expect(new Set(rows.map(({ record }) => record['Ticket #'])).size).toBe(rows.length);
  });
});

/** Skipped where the texts are not at hand: the title then says so. */
const where = <T>(found: T | undefined, missing: string) =>
  found === undefined ? { test: it.skip, note: ` (skipped: ${missing} not here)` } : { test: it, note: '' };

describe('nothing that trains is shown as a demo', () => {
  const demo = (): string[] => [
    ...all.map((m) => m.text),
    ...csvRows(join(DEMO_DATA, 'broken.csv')).rows.map(({ record }) => record.complaint ?? ''),
    ...csvRows(join(DEMO_DATA, 'call-centre.csv')).rows.map(
      ({ record }) => record['Customer Complaint'] ?? '',
    ),
  ];
  const copies = (corpus: Corpus) => demo().filter((text) => text.trim() !== '' && !corpus.lacks(text));

  it('finds a copy under other digits, handles and punctuation, and leaves another text alone', () => {
    const corpus = new Corpus(['@BeejanCares my 5GB vanished overnight, please return it', '😡😡']);
    expect(corpus.lacks('@other_demo MY 70GB vanished overnight -- please return it!')).toBe(false);
    expect(corpus.lacks('my 5GB vanished overnight, please return it o')).toBe(false);
    expect(corpus.lacks('my router vanished from the shop')).toBe(true);
    expect([corpus.lacks('😡😡'), corpus.lacks('ok')]).toEqual([false, true]);
  });

  const baseline = baselineTexts();
  const ours = where(baseline, 'models/training/baseline/data');
  ours.test(`shares no text with the baseline's training data${ours.note}`, () => {
    expect(baseline?.length).toBeGreaterThan(0);
    expect(copies(new Corpus(baseline ?? []))).toEqual([]);
  });

  const shared = sharedTexts();
  const labelled = where(shared, 'the labelled sets');
  labelled.test(
    `shares none with the labelled sets, and took every free public record${labelled.note}`,
    () => {
      const corpus = new Corpus(shared?.labelled ?? []);
      expect(corpus.size).toBeGreaterThan(10_000);
      expect(copies(corpus)).toEqual([]);
      const { head, rows } = csvRows(shared?.original ?? '');
      const free = rows.filter(({ record }) => corpus.lacks(record['Customer Complaint'] ?? ''));
      const kept = head + free.map(({ raw }) => raw).join('');
      expect(readFileSync(join(DEMO_DATA, 'call-centre.csv'), 'utf8')).toBe(kept);
    },
  );
});
