import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parseFeeds } from '../../src/config/feeds.js';
import { packageRoot } from '../../src/paths.js';
import { type Suggestion, suggestFeed } from '../../src/sources/call-log/suggest.js';
import { maskedEmail, maskedPhone, shown } from '../../src/sources/call-log/suggest-mask.js';
import { scan } from '../../src/sources/call-log/suggest-scan.js';
import { feedNameOf, yamlOf } from '../../src/sources/call-log/suggest-yaml.js';

const PLACE = { region: 'NG', zone: 'Africa/Lagos' } as const;

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const table = (headings: readonly string[], rows: readonly (readonly string[])[], name = 'calls.csv') => ({
  name,
  container: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  headings,
  rows: each(rows),
});
const ofText = (text: string, delimiter = ',', name = 'calls.csv') => {
  const [headings = [], ...rows]: string[][] = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    quote: delimiter === '\t' ? null : '"',
    skip_empty_lines: true,
  });
  return table(
    headings.map((h) => h.trim()),
    rows,
    name,
  );
};
const suggest = (text: string, delimiter?: string, name?: string) =>
  suggestFeed(ofText(text, delimiter, name), 'NG');
/** Proposed block, read back the way a paste into sources.yaml is. */
const pasted = (suggestion: Suggestion) => {
  const yaml = yamlOf(suggestion, 'mine', PLACE);
  const feeds = parseFeeds(`feeds:\n${yaml}`, 'sources.yaml', { routeWithin: 1, ...PLACE });
  return { yaml, feed: feeds.get('mine') };
};
const two = (n: number): string => String(n).padStart(2, '0');

const calls = (n: number, when = (i: number) => `2026-11-${two((i % 28) + 1)} 09:${two(i % 60)}`): string =>
  [
    'Ticket No,Customer Phone,Mail,What happened to you,Date Opened,Date Closed,Ticket Status,Town,State,Via,Agent,Nothing',
    ...Array.from({ length: n }, (_, i) =>
      [
        `T-${1_000 + i}`,
        `080${30_000_000 + i * 7_919}`,
        `user${i}@example.com`,
        `No network since ${i} days and nobody calls me back about it`,
        when(i),
        when(i + 1),
        ['Open', 'Closed', 'Pending', 'Resolved'][i % 4],
        ['Ikeja', 'Aba', 'Jos'][i % 3],
        ['Lagos', 'Abia', 'Plateau'][i % 3],
        ['Phone', 'Walk-in'][i % 2],
        `agent ${i % 5}`,
        '',
      ].join(','),
    ),
  ].join('\n');

describe('a mapping for a call-centre export', () => {
  it('is proposed with evidence, and is a feed as soon as it is pasted', async () => {
    const suggestion = await suggest(calls(200));
    const { feed, yaml } = pasted(suggestion);
    expect(feed).toMatchObject({
      mapping: {
        text: ['What happened to you'],
        msisdn: ['Customer Phone'],
        email: ['Mail'],
        sourceRef: ['Ticket No'],
        sourceStatus: ['Ticket Status'],
        place: ['Town', 'State'],
        channel: ['Via'],
        agentRef: ['Agent'],
      },
      moments: { columns: ['Date Opened'], format: ['iso'], zone: 'Africa/Lagos' },
      identity: { kind: 'columns', columns: ['Ticket No'] },
      closedStatuses: ['closed', 'resolved'],
    });
    expect(suggestion.extra.map((e) => e.column)).toEqual(['Date Closed', 'Nothing']);
    for (const words of ['no two the same in 200 rows', '100 % are valid numbers', 'QUESTION', 'Open 50'])
      expect(yaml).toContain(words);
    expect(suggestion.unsure).toEqual(['"Date Closed" holds dates too; "Date Opened" was taken.']);
  });

  it('shows no whole phone number or address of a customer, also none that hides in a status', async () => {
    const text = calls(200).replaceAll('Pending', 'Closed for 08031234567');
    const { yaml } = pasted(await suggest(text));
    expect(yaml).not.toMatch(/\d{7}/);
    expect(yaml).not.toMatch(/user\d+@/);
    expect(yaml).not.toContain('08031234567');
    expect([maskedPhone('+234 803 123 4567'), maskedEmail('ada@example.com')]).toEqual([
      '+234…67',
      'a…@example.com',
    ]);
    expect(shown('call 0803 123 4567\u001b[2J or a@b.co', 'NG')).toBe('call [PHONE] [2J or [EMAIL]');
  });

  it('leaves the order of day and month to a person, and the import refuses until it is said', async () => {
    const suggestion = await suggest(
      calls(200, (i) => `${two((i % 12) + 1)}/${two(((i * 5) % 12) + 1)}/2026 09:00`),
    );
    const { feed, yaml } = pasted(suggestion);
    expect(feed?.moments).toMatchObject({ format: [] });
    expect(yaml).toContain(
      '# QUESTION: "Date Opened": D/M/YYYY H:mm (200 rows), M/D/YYYY H:mm (200 rows) all fit',
    );
    expect(suggestion.unsure.join()).toContain('format: "D/M/YYYY H:mm" or format: "M/D/YYYY H:mm"');
  });

  it('an id that repeats is mapped, but does not tell rows apart', async () => {
    const { feed, yaml } = pasted(
      await suggest(`${calls(100)}\n${calls(20).split('\n').slice(1).join('\n')}`),
    );
    expect(feed?.identity).toEqual({ kind: 'content' });
    expect(feed?.mapping?.sourceRef).toEqual(['Ticket No']);
    expect(yaml).toContain('would be conflicts');
  });

  it('finds text, phone and id by what stands there where no heading helps', async () => {
    const text = calls(100).replace(/^.*\n/, 'a,b,c,d,e,f,g,h,i,j,k,l\n');
    const { fields, when, identity, statuses } = await suggest(text);
    expect(fields.map((f) => [f.field, f.columns])).toEqual([
      ['text', ['d']],
      ['msisdn', ['b']],
      ['email', ['c']],
      ['sourceRef', ['a']],
      ['sourceStatus', ['g']],
    ]);
    expect(when?.date.name).toBe('e');
    expect(identity).toEqual({ columns: ['a'] });
    expect(statuses.length).toBe(4);
  });
});

describe('what it does not know', () => {
  it.each([
    ['numbers only', 'a,b\n1,2\n3,4\n', 'No column looks like the text'],
    [
      'labels only',
      `id,label\n${Array.from({ length: 100 }, (_, i) => `${i},${i % 2 ? 'spam' : 'ham'}`).join('\n')}`,
      'No column',
    ],
    ['one column without a name that says it', 'x\nsome words here\nother words there\n', 'one column'],
    ['a heading and nothing else', 'id,complaint\n', 'No column looks like'],
  ])('%s: no block', async (_, text, problem) => {
    expect((await suggest(text)).problem).toContain(problem);
  });

  it('names the other column that could be the text', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `my line is dead for ${i} days,please call me back about case ${i}`,
    );
    const { fields, unsure } = await suggest(`p,q\n${rows.join('\n')}`);
    expect(fields[0]?.field).toBe('text');
    expect(unsure.join()).toContain('looks like text too');
  });

  it('says that few rows say little, and that times will be missing', async () => {
    const { unsure } = await suggest('complaint\nno network at all\n');
    expect(unsure.join()).toMatch(/only 1 rows.*No column of dates/);
  });
});

describe('hostile headings and cells', () => {
  it('come out as one line of YAML that means what they were', async () => {
    const headings = [
      'complaint # {x}: "y" \u202e\u{e0041}',
      'ev\u2028il',
      '__proto__',
      '$where',
      '- a',
      'x'.repeat(300),
    ];
    const rows = Array.from({ length: 60 }, (_, i) => [
      `no network since day ${i}`,
      ...['a\nfeeds:', '\u0000', '*', '!tag', '&b'],
    ]);
    const suggestion = await suggestFeed(table(headings, rows, 'ev\nil: #.csv'), 'NG');
    const { feed, yaml } = pasted(suggestion);
    expect(feed?.mapping?.text).toEqual([headings[0]]);
    expect(yaml).not.toMatch(/[\p{Cf}\u2028]/u);
    expect(yaml.split('\n').every((line) => line === '' || line.startsWith('  '))).toBe(true);
    expect(suggestion.unsure.join()).toContain('over 256 characters');
  });

  it.each([
    ['Complaints 2026-11-25.csv', 'complaints'],
    ['Ünïcode (final) v2.xlsx.gz', 'unicode_final_v'],
    ['2026.csv', 'my_feed'],
    ['calls.csv', 'calls_2'],
  ])('%s becomes feed %s', (file, name) => {
    expect(feedNameOf(file, new Set(['calls']))).toBe(name);
  });
});

it('reads no more rows than make it surer, and says so', async () => {
  const rows = (async function* () {
    for (let i = 0; ; i++) yield [`no network since day ${i}`, String(i)];
  })();
  const { rows: read, complete, columns } = await scan(['complaint', 'n'], rows, 'epochs', 30_000);
  expect([read, complete, columns[1]?.distinct, columns[1]?.profile.filled]).toEqual([
    30_000,
    false,
    20_000,
    30_000,
  ]);
  expect(columns[0]?.sample.length).toBeLessThan(1_000);
});

it('a column called phone in which none is stays out, one of another country is asked about', async () => {
  const lines = (cell: (i: number) => string) =>
    `complaint,phone\n${Array.from({ length: 60 }, (_, i) => `no network since day ${i},${cell(i)}`).join('\n')}`;
  expect((await suggest(lines(() => 'yes'))).fields.map((f) => f.field)).toEqual(['text']);
  const { unsure } = await suggest(lines((i) => `555 010 ${1_000 + i}`));
  expect(unsure.join()).toContain('is `region` right?');
});

describe('files of the demo', () => {
  const demo = (name: string) => readFileSync(join(packageRoot, 'demo', 'data', name), 'utf8');

  it('a regulator log in which a spreadsheet turned dates round is not taken for sound', async () => {
    const { fields, when, identity, closedStatuses } = await suggest(demo('call-centre.csv'));
    expect(fields.map((f) => [f.field, f.columns.join()])).toEqual([
      ['text', 'Customer Complaint'],
      ['sourceRef', 'Ticket #'],
      ['sourceStatus', 'Status'],
      ['place', 'City,State'],
      ['channel', 'Received Via'],
    ]);
    expect(when).toMatchObject({ time: { name: 'Time' }, format: 'auto' });
    expect(identity).toEqual({ columns: ['Ticket #'] });
    expect([...closedStatuses].sort()).toEqual(['Closed', 'Solved']);
  });
});

const shared = join(packageRoot, '..', 'shared', 'data');
const withData = existsSync(shared) ? describe : describe.skip;
withData('real exports (skipped where ../shared/data is absent)', () => {
  const real = (...path: string[]) => readFileSync(join(shared, ...path), 'utf8');
  const textOf = async (text: string, delimiter?: string) =>
    (await suggest(text, delimiter)).fields.find((f) => f.field === 'text')?.columns;

  it.each([
    ['nigerian_isp/merged.csv', 'Text', ','],
    ['smishing_mendeley/Dataset_5971.csv', 'TEXT', ','],
    ['sms_spam/SMSSpamCollection', 'SMS', '\t'],
    ['telecom_complaints/dev.csv', 'text', ','],
    ['banking77/test.csv', 'text', ','],
    ['comcast_fcc/Comcast_telecom_complaints_data.csv', 'Customer Complaint', ','],
  ])('%s: the text is %s', async (file, column, delimiter) => {
    expect(await textOf(real(...file.split('/')), delimiter)).toEqual([column]);
  });

  it('the whole regulator log: the dates are noticed to be of two orders', async () => {
    const { when } = await suggest(real('comcast_fcc', 'Comcast_telecom_complaints_data.csv'));
    expect(when).toMatchObject({ date: { name: 'Date', dates: { kind: 'mixed_order' } }, format: 'auto' });
  });
});
