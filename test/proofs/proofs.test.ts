import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { absent } from '../../bench/proofs/files.js';
import { imports } from '../../bench/proofs/imports.js';
import { kills } from '../../bench/proofs/kills.js';
import { lanes } from '../../bench/proofs/lanes.js';
import { holds, printed, type Report } from '../../bench/proofs/report.js';
import { callsFile } from './support/calls.js';

const file = callsFile(120);
const options = {
  files: [file],
  seed: 1,
  kills: { service: 1, mongodb: 1, redis: 1 },
  rate: 10,
  keep: false,
  say: () => {},
};

afterAll(() => rmSync(dirname(file.path), { recursive: true }));

/** With all of its checks where one fails: a bare "false" would tell nobody which. */
const proven = (report: Report) => expect(holds(report) ? 'proven' : printed(report)).toBe('proven');

// Real processes, in their own folders, with 120 rows instead of thousands.
describe('the proofs in small', () => {
  it('imports: all in, each due complaint once, nothing new the second time, history floods nobody', async () => {
    const report = await imports.run(options);
    proven(report);
    expect(report.figures).toMatchObject({ 'rows imported': 120, quarantined: 'none' });
    expect(report.figures['Slack messages']).toBeGreaterThan(60);
  }, 120_000);

  // A kill that hits a delivery on its way is made good when its lease is over: a minute more, which is allowed for.
  it('kills: service, MongoDB and Redis are killed in one run, and it comes out as if undisturbed', async () => {
    const report = await kills.run({
      ...options,
      moments: [
        { victim: 'service', phase: 'import', at: 0.02 },
        { victim: 'mongodb', phase: 'delivery', at: 0.1 },
        { victim: 'redis', phase: 'delivery', at: 0.4 },
      ],
    });
    proven(report);
  }, 240_000);

  it('lanes: live posts go past a bulk load, which goes on, and all of both arrive', async () => {
    proven(await lanes.run({ ...options, rows: 3_000, livePosts: 10 }));
  }, 240_000);

  it('lanes: ended with most of the load waiting, nothing of it is lost', async () => {
    proven(await lanes.run({ ...options, rows: 6_000, livePosts: 4, drainFor: 0 }));
  }, 240_000);

  it('say so where their files are not there', async () => {
    const files = [{ path: '/nonexistent/calls.csv', feed: 'call_centre', rows: 1 }];
    expect(absent(files)).toContain('/nonexistent/calls.csv');
    expect(printed(await kills.run({ ...options, files }))).toContain('SKIPPED');
  });
});
