import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseFeeds } from '../../src/config/feeds.js';
import { packageRoot } from '../../src/paths.js';
import { cleanUp, inProcess, temporaryFolder } from './support/run.js';

const FEEDS = `
feeds:
  calls:
    source: call_log
    owner: Call centre
    closedStatuses: Closed
    identity: { columns: [id] }
    dates: { format: auto, zone: UTC }
    mapping: { text: what, occurredAt: opened, sourceRef: id, sourceStatus: status }
  api:
    source: api
`;
let folder: string;
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const run = (...args: string[]) => inProcess('feeds', ...args, '--config', folder);
const two = (n: number): string => String(n).padStart(2, '0');
const calls = (opened: (i: number) => string, n = 60): string =>
  `id,what,opened,status,extra one\n${Array.from(
    { length: n },
    (_, i) => `${i},no network since ${i} days,${opened(i)},${i % 2 ? 'open' : 'closed'},x\n`,
  ).join('')}`;

beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'sources.yaml'), FEEDS);
});
afterAll(cleanUp);

describe('feeds list', () => {
  it('shows what each feed reads', async () => {
    const { code, out, err } = await run('list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ name: 'calls' }, { name: 'api' }]);
    expect(err).toMatch(/calls +call_log +bulk +Call centre +what +auto +UTC +id/);
    expect(err).toContain('takes no files');
  });
});

describe('feeds suggest', () => {
  it.each([
    ['semicolon.csv', (text: string) => text.replaceAll(',', ';')],
    ['latin.csv', (text: string) => Buffer.from(text.replaceAll('no network', 'señal mala'), 'latin1')],
    ['packed.csv.gz', (text: string) => gzipSync(text)],
  ])('%s: a block that can be pasted', async (name, make) => {
    const path = file(name, make(calls((i) => `${two((i % 28) + 1)}/11/2026 09:00`)));
    const { code, out, err } = await run('suggest', path, '--json');
    expect(code).toBe(0);
    const { yaml, feed } = JSON.parse(out) as { yaml: string; feed: string };
    const feeds = parseFeeds(`feeds:\n${yaml}`, 'x', { routeWithin: 1, region: 'NG', zone: 'UTC' });
    expect(feeds.get(feed)).toMatchObject({
      mapping: { text: ['what'], sourceRef: ['id'], sourceStatus: ['status'] },
      moments: { columns: ['opened'], format: ['D/M/YYYY H:mm'] },
    });
    expect(err).toContain(yaml);
    expect(err).toContain(`redress feeds check ${path} --feed ${feed}`);
  });

  it('is exit code 1 where no column is the complaint, with its columns', async () => {
    const { code, out, err } = await run('suggest', file('numbers.csv', 'a,b\n1,2\n3,4\n'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/No column looks like.*\n.*\n +a: /);
  });

  it.each([
    ['empty.csv', '', 'is empty'],
    ['book.pdf', '%PDF-1.4 and so on', 'is a PDF'],
  ])('%s is no table', async (name, content, words) => {
    const { code, err } = await run('suggest', file(name, content));
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('says which columns the example of the docs needs', async () => {
    const { code, out } = await run('suggest', join(packageRoot, 'demo', 'data', 'broken.csv'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      when: { date: { name: 'opened_at' } },
      identity: { columns: ['ticket_id'] },
    });
  });
});

describe('feeds check', () => {
  it('a sound file: what would become of it', async () => {
    const path = file(
      'sound.csv',
      calls((i) => `2020-01-${two((i % 28) + 1)} 09:00`),
    );
    const { code, out, err } = await run('check', path, '--feed', 'calls', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      rows: 60,
      good: 60,
      bad: [],
      historic: 60,
      closed: 30,
      extra: ['extra one'],
      facts: { dateFormat: 'iso' },
      fields: { text: 60, occurredAt: 60, sourceRef: 60 },
    });
    expect(code).toBe(0);
    expect(err).toContain('2020-01-01 09:00:00Z');
  });

  it('names reasons and rows of what would be quarantined', async () => {
    const good = calls((i) => `2020-01-${two((i % 28) + 1)}`, 120);
    const path = file(
      'bad.csv',
      `${good}x1,,2020-01-01,open,\nx2,text,tomorrow,open,\nx3,text,2020-01-01,open,,,7\n`,
    );
    const { code, out, err } = await run('check', path, '--feed', 'calls', '--json');
    expect(code).toBe(1);
    const { bad } = JSON.parse(out) as { bad: { reason: string; first: number[] }[] };
    expect(Object.fromEntries(bad.map((b) => [b.reason, b.first]))).toEqual({
      no_text: [121],
      bad_date: [122],
      bad_row: [123],
    });
    expect(err).toContain('quarantine bad_date: 1 row (122)');
  });

  it.each([
    [
      'dates of which the order is open',
      calls((i) => `${two((i % 12) + 1)}/0${(i % 9) + 1}/2020`),
      'dates.format',
    ],
    ['a mapped column that is not there', 'id,opened,status\n1,2020-01-01,open\n', 'has no column "what"'],
  ])('%s: refused as an import would', async (_, content, words) => {
    const { code, err } = await run('check', file('refused.csv', content), '--feed', 'calls');
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  it('knows its feeds', async () => {
    expect((await run('check', 'a.csv', '--feed', 'cals')).err).toContain('Did you mean "calls"?');
    expect((await run('check', 'a.csv', '--feed', 'api')).err).toContain('no mapping');
  });
});
