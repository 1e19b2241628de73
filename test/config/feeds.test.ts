import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { foldStatus, loadFeeds, parseFeeds } from '../../src/config/feeds.js';
import { configDir } from '../../src/paths.js';
import { thrown } from './folder.js';

const DEFAULTS = { routeWithin: 72 * 3_600_000, region: 'NG', zone: 'Africa/Lagos' } as const;
const parse = (text: string) => parseFeeds(text, 'sources.yaml', DEFAULTS);
const fail = (text: string) => thrown(() => parse(text)).message;

describe('feeds', () => {
  it('fill in defaults by source', () => {
    const feeds = parse(
      'feeds:\n  a: { source: call_log }\n  b: { source: sms, lane: bulk, routeWithin: 1h, region: gh }\n',
    );
    expect(feeds.get('a')).toEqual({
      name: 'a',
      source: 'call_log',
      lane: 'bulk',
      closedStatuses: [],
      identity: { kind: 'content' },
      delimiter: 'auto',
      encoding: 'auto',
      quotes: true,
      ...DEFAULTS,
    });
    expect(feeds.get('b')).toMatchObject({ lane: 'bulk', routeWithin: 3_600_000, region: 'GH' });
  });

  it('bring mapping and dates into the shape the aligner reads', () => {
    const feed = parse(`
feeds:
  log:
    source: call_log
    zone: Europe/London
    closedStatuses: [" CLOSED ", Solved]
    delimiter: tab
    encoding: latin1
    quotes: none
    headings: ["007", Words, Day, Hour, City, State, "Ticket #"]
    identity: { columns: [007, "Ticket #"] }
    dates: { format: [D/M/YYYY, YYYY-MM-DD], timeFormat: "HH:mm" }
    mapping: { text: Words, occurredDate: Day, occurredTime: Hour, place: [City, State], sourceRef: "Ticket #" }
`).get('log');
    expect(feed).toMatchObject({
      mapping: { text: ['Words'], place: ['City', 'State'], sourceRef: ['Ticket #'] },
      moments: {
        columns: ['Day', 'Hour'],
        format: ['D/M/YYYY HH:mm', 'YYYY-MM-DD HH:mm'],
        zone: 'Europe/London',
      },
      identity: { kind: 'columns', columns: ['007', 'Ticket #'] },
      delimiter: '\t',
      encoding: 'windows-1252',
      quotes: false,
      headings: ['007', 'Words', 'Day', 'Hour', 'City', 'State', 'Ticket #'],
    });
    expect(feed?.closedStatuses.includes(foldStatus('Closed'))).toBe(true);
    expect(feed?.mapping).not.toHaveProperty('occurredDate');
  });

  it.each([
    ['source: sns', 'sources.yaml:3: "feeds.f.source" is "sns", which is not known. Did you mean "sms"?'],
    ['ownr: x\n    source: x', 'sources.yaml:3: "feeds.f.ownr" is not a known key. Did you mean "owner"?'],
    [
      'source: x\n    mapping: { txt: A, text: B }',
      '"feeds.f.mapping.txt" is not a known key. Did you mean "text"?',
    ],
    ['source: x\n    mapping: { channel: A }', 'maps no column to `text`'],
    ['source: x\n    mapping: { text: #A\n      }', 'has no value'],
    ['source: x\n    mapping: { text: [A, B] }', '"feeds.f.mapping.text" must be text'],
    ['source: x\n    mapping: { text: A, occurredDate: D }', 'needs dates.format'],
    ['source: x\n    mapping: { text: A, occurredTime: D }', 'needs occurredDate too'],
    ['source: x\n    mapping: { text: A, occurredAt: B, occurredDate: D }', 'keep one way'],
    [
      'source: x\n    dates: { format: DD-MM-YY, timeFormat: "h:mm" }\n    mapping: { text: A, occurredDate: D, occurredTime: T }',
      'together with A',
    ],
    ['source: x\n    dates: { format: dd-mm-yy }', 'Did you mean "DD"?'],
    ['source: x\n    identity: random', 'content, position, or columns'],
    ['source: x\n    delimiter: ";;"', 'one character'],
    ['source: x\n    encoding: utf-9', 'no encoding known here'],
    ['source: x\n    encoding: iso-2022-jp', 'iso-2022-jp, in which files'],
    ['source: x\n    headings: [a, b, a]', 'names a column twice'],
    ['source: x\n    quotes: single', 'Known: double, none'],
    ['source: x\n    zone: Lagos', 'no IANA time zone'],
    ['source: x\n    routeWithin: 3', 'like 250ms'],
  ])('refuse %j', (lines, words) => {
    expect(fail(`feeds:\n  f:\n    ${lines}\n`)).toContain(words);
  });

  it.each(['', 'feeds:\n', '- x\n', 'feeds: x\n', 'feeds:\n  a:\n', 'feeds:\n  "A:b": { source: x }\n'])(
    'refuse the file %j with its place',
    (text) => {
      expect(fail(text)).toContain('sources.yaml:');
    },
  );

  it('name the file that is missing', () => {
    expect(thrown(() => loadFeeds('/nowhere/sources.yaml', DEFAULTS)).code).toBe('file_missing');
  });
});

it('the shipped sources.yaml loads, and its example header has every column its mapping names', () => {
  const path = join(configDir, 'sources.yaml');
  const feeds = loadFeeds(path, DEFAULTS);
  expect([...feeds.keys()]).toEqual([
    'api',
    'call_centre',
    'comcast_fcc',
    'nigerian_isp',
    'sms_spam',
    'smishing',
    'x',
    'sms',
    'form',
  ]);
  const header = /ticket_id,[a-z_,]+/.exec(readFileSync(path, 'utf8'))?.[0].split(',');
  const named = Object.values(feeds.get('call_centre')?.mapping ?? {}).flat();
  expect(header).toEqual(
    expect.arrayContaining([...named, ...(feeds.get('call_centre')?.moments?.columns ?? [])]),
  );
});
