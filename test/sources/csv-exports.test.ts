import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Feed, loadFeeds } from '../../src/config/feeds.js';
import { configDir, packageRoot } from '../../src/paths.js';
import { alignCsv } from '../../src/transform/align/csv.js';
import { asideOf, readPath } from './files.js';

type CsvFormat = Parameters<typeof alignCsv>[1];

const data = join(packageRoot, '..', 'shared', 'data');
/** The public data sets are not part of the project. */
const withData = existsSync(data) ? describe : describe.skip;

const shipped = loadFeeds(join(configDir, 'sources.yaml'), {
  routeWithin: 1,
  region: 'NG',
  zone: 'Africa/Lagos',
});

withData('real exports, by the feeds that are shipped (skipped where ../shared/data is absent)', () => {
  it.each([
    ['comcast_fcc', 'comcast_fcc/Comcast_telecom_complaints_data.csv', 2_224, 2_225],
    ['nigerian_isp', 'nigerian_isp/merged.csv', 1_344, 2_017],
    ['sms_spam', 'sms_spam/SMSSpamCollection', 5_574, 5_575],
    ['smishing', 'smishing_mendeley/Dataset_5971.csv', 5_985, 6_022],
  ])('%s: every row of %s', async (name, file, rows, lines) => {
    const feed = shipped.get(name) as Feed;
    const read = await readPath(join(data, file), feed);
    expect([read.envelopes.length, asideOf(read.envelopes), read.lines, read.covered]).toEqual([
      rows,
      [],
      lines,
      lines,
    ]);
    const reasons = read.envelopes.map(({ raw, format }) => {
      const result = alignCsv(raw, format as CsvFormat, new Date(), feed);
      return 'ok' in result ? 'ok' : result.quarantine;
    });
    expect(reasons.filter((reason) => reason !== 'ok')).toEqual([]);
  });
});
