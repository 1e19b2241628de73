import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { loadConfig } from '../../src/config.js';
import { openCore } from '../../src/core.js';
import { readLedger } from '../../src/operations/ledger/ledger.js';
import { recoverRuns } from '../../src/operations/runs.js';
import { attachEngines } from '../../src/store/embedded/index.js';
import { cleanUp, redress, start, temporaryFolder } from './support/run.js';

const HEADING = 'ticket_id,customer_phone,complaint,opened_at,channel,city,status\n';
const ROWS = 20_000;
const row = (i: number) =>
  `T${i},0803555${String(i).padStart(5, '0')},no network,2026-11-25 09:30,Phone,Ikeja,Open\n`;
const large = HEADING + Array.from({ length: ROWS }, (_, i) => row(i)).join('');

const files = temporaryFolder();
const big = join(files, 'big.csv');
const small = join(files, 'small.csv');
const broken = join(files, 'broken.csv');
beforeAll(() => {
  writeFileSync(big, large);
  writeFileSync(small, HEADING + row(1) + row(2) + row(3));
  writeFileSync(broken, `${HEADING}${row(1)}${row(2)}T3,0803,"no end\n${row(4)}`);
});
afterAll(cleanUp);

/** Resolves when the import that runs on this folder has written some receipts: there is no event of another process. */
async function underWay(data: string): Promise<void> {
  for (;;) {
    const engines = await attachEngines(data);
    const client = engines && new MongoClient(engines.mongodbUri);
    try {
      if (client && (await client.db('redress').collection('receipts').countDocuments()) >= 8) return;
    } finally {
      await client?.close();
    }
    await delay(20);
  }
}

describe('import', () => {
  const data = temporaryFolder();

  it('answers with JSON alone on standard output, and in words on the other', async () => {
    const first = await redress('import', small, '--feed', 'call_centre', '--data', data, '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({
      status: 'success',
      counts: { read: 3, accepted: 3, repeated: 0 },
      processing: false,
    });
    expect(first.err).toContain('read 3 = accepted 3');
    expect(first.err).toContain('npm start');
    for (const absent of ['\r', '\u001b', '"event"']) expect(first.err).not.toContain(absent);
    const again = await redress('import', small, '--feed', 'call_centre', '--data', data);
    expect(again).toMatchObject({ code: 0, out: '' });
    expect(again.err).toContain('repeated 3');
  });

  it('with a quote that is never closed: exit code 1, and says which row', async () => {
    const { code, out, err } = await redress(
      'import',
      broken,
      '--feed',
      'call_centre',
      '--data',
      data,
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      status: 'partial',
      cause: 'quarantined',
      counts: { read: 4 },
      quarantined: [{ reason: 'bad_row', rows: [3] }],
    });
    expect(err).toContain('in quarantine as bad_row: 1, rows 3');
  });

  it('of an unknown feed starts no run', async () => {
    const { code, out, err } = await redress('import', small, '--feed', 'call_center', '--data', data);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Did you mean "call_centre"?');
    const runs = JSON.parse((await redress('runs', '--data', data, '--json')).out) as unknown[];
    expect(runs).toHaveLength(3);
  });

  it('--wait with nobody to wait for says so', async () => {
    const { code, err } = await redress(
      'import',
      small,
      '--feed',
      'call_centre',
      '--data',
      temporaryFolder(),
      '--wait',
    );
    expect(code).toBe(1);
    expect(err).toContain('start the service');
  });

  it('the ledger of it all is balanced, in words and as JSON', async () => {
    const { code, out, err } = await redress('ledger', '--since', '7d', '--data', data, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'balanced' });
    expect(err).toContain('Balanced: every record is accounted for.');
  });

  it('and turns red, exit code 1, when one record is deleted', async () => {
    const config = loadConfig({ env: {}, flags: { 'data.dir': data, 'log.level': 'silent' } });
    const core = await openCore({ config, owner: 'command' });
    await core.store.db.collection('staging').deleteOne({});
    await core.close();
    const { code, err } = await redress('ledger', '--data', data);
    expect(code).toBe(1);
    expect(err).toMatch(/staging_complete: expected 3, found 2/);
  });
});

describe('an import that ends in its middle', () => {
  it('by kill -9: again, and it goes on: one run, every row in exactly once, the ledger balanced', async () => {
    const data = temporaryFolder();
    const first = start('import', big, '--feed', 'call_centre', '--data', data);
    await underWay(data);
    first.child.kill('SIGKILL');
    expect((await first.ended).code).toBeNull();

    const second = await redress('import', big, '--feed', 'call_centre', '--data', data, '--json');
    expect(second.code).toBe(0);
    const { counts, resumedAfter } = JSON.parse(second.out) as {
      counts: Record<string, number>;
      resumedAfter: number;
    };
    expect(counts).toMatchObject({ accepted: ROWS, conflict: 0, refused: 0 });
    expect(resumedAfter).toBeGreaterThanOrEqual(1_024);
    // What was under way when it was killed may be read twice, and nothing else.
    expect(counts.repeated).toBeLessThanOrEqual(512);
    expect(second.err).toContain('went on after row');

    const config = loadConfig({ env: {}, flags: { 'data.dir': data, 'log.level': 'silent' } });
    const core = await openCore({ config, owner: 'command' });
    try {
      const raised: string[] = [];
      const alarms = { raise: async (kind: string) => void raised.push(kind), resolve: async () => {} };
      expect(await recoverRuns({ ...core, alarms, silentMs: 0 })).toBe(0);
      expect(raised).toEqual([]);
      expect(await core.store.db.collection('staging').countDocuments()).toBe(ROWS);
      const ledger = await readLedger(core.ledger, {}, core.now);
      expect(ledger.verdict).toBe('balanced');
      expect(ledger.rows.map((r) => [r.status, r.accepted])).toEqual([['success', ROWS]]);
    } finally {
      await core.close();
    }
  }, 120_000);

  it('by Ctrl+C: the run says so, and what is in is safe', async () => {
    const data = temporaryFolder();
    const first = start('import', big, '--feed', 'call_centre', '--data', data, '--json');
    await underWay(data);
    first.child.kill('SIGINT');
    const { code, out, err } = await first.ended;
    expect(code).toBe(130);
    const { counts, ...result } = JSON.parse(out) as { counts: Record<string, number> };
    expect(result).toMatchObject({ status: 'failed', cause: 'stopped by hand' });
    expect(err).toContain('Run the same command again');
    expect(err).not.toContain('Nothing works on them');
    const { out: ledger } = await redress('ledger', '--data', data, '--json');
    expect(JSON.parse(ledger)).toMatchObject({ verdict: 'balanced', rows: [{ accepted: counts.accepted }] });
  }, 120_000);
});
