import { expect, it } from '@jest/globals';
import { dropped } from '../../bench/proofs/dropped.js';
import { holds, printed } from '../../bench/proofs/report.js';

it('the proof `files` in small: 3,000 rows, the service killed twice while it reads them', async () => {
  const report = await dropped.run({
    files: [],
    seed: 1,
    kills: { service: 0, mongodb: 0, redis: 0 },
    dropped: { rows: 3_000, kills: 2 },
    rate: 10,
    keep: false,
    say: () => {},
  });
  expect(holds(report) ? 'proven' : printed(report)).toBe('proven');
}, 240_000);
