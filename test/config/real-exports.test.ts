import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parseMoment } from '../../src/complaint/times.js';
import { type Feed, loadFeeds } from '../../src/config/feeds.js';
import { configDir, packageRoot } from '../../src/paths.js';

const data = join(packageRoot, '..', 'shared', 'data');
const feeds = loadFeeds(join(configDir, 'sources.yaml'), {
  routeWithin: 1,
  region: 'NG',
  zone: 'Africa/Lagos',
});
type Row = Record<string, string>;

/** The public data sets are not part of the project. */
const withData = existsSync(data) ? describe : describe.skip;

withData('shipped mappings on the real exports (skipped where ../shared/data is absent)', () => {
  const read = (file: string): Row[] => parse(readFileSync(join(data, file)), { columns: true, bom: true });
  const momentsOf = (feed: Feed, rows: Row[]): number[] =>
    rows.map((row) => {
      const moment = parseMoment(
        (feed.moments?.columns ?? []).map((c) => (row[c] ?? '').trim()).join(' '),
        feed.moments ?? { format: [], zone: 'UTC' },
      );
      return moment.ok ? moment.at.getTime() : Number.NaN;
    });

  it('comcast_fcc: every row falls into the second quarter of 2015 and follows the ticket numbers', () => {
    const feed = feeds.get('comcast_fcc') as Feed;
    const rows = read('comcast_fcc/Comcast_telecom_complaints_data.csv');
    rows.sort((a, b) => Number(a['Ticket #']) - Number(b['Ticket #']));
    const times = momentsOf(feed, rows);
    expect(times).toHaveLength(2224);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse('2015-04-01T00:00-04:00'));
    expect(Math.max(...times)).toBeLessThan(Date.parse('2015-07-01T00:00-04:00'));
    expect(rankCorrelation(times)).toBeGreaterThan(0.99);
    const columns = Object.keys(rows[0] ?? {});
    expect(columns).toEqual(expect.arrayContaining(Object.values(feed.mapping ?? {}).flat()));
  });

  it('nigerian_isp: every row has a time, with and without offset', () => {
    const feed = feeds.get('nigerian_isp') as Feed;
    const rows = read('nigerian_isp/merged.csv');
    const times = momentsOf(feed, rows);
    expect(times.filter(Number.isNaN)).toHaveLength(0);
    expect(times[rows.findIndex((r) => r.Time === '2019-05-13 09:30:03')]).toBe(
      Date.parse('2019-05-13T09:30:03Z'),
    );
    expect(Object.keys(rows[0] ?? {})).toEqual(
      expect.arrayContaining(Object.values(feed.mapping ?? {}).flat()),
    );
  });
});

/** Spearman's rho between the values and their order (ties are few enough not to matter here). */
function rankCorrelation(values: readonly number[]): number {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const n = values.length;
  const squares = order.reduce((sum, { i }, rank) => sum + (i - rank) ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}
