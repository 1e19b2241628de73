import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cleanUp, redress, start, temporaryFolder } from './support/run.js';

afterAll(cleanUp);

const lines = (err: string) => err.split('\n').filter((line) => line.startsWith('{'));

describe('start', () => {
  it('tells a person what is needed, serves commands beside it, and stops in order', async () => {
    const data = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'calls.csv');
    const opened = new Date(Date.now() - 3_600_000).toISOString();
    writeFileSync(
      file,
      `ticket_id,customer_phone,complaint,opened_at,channel,city,status\n${[
        `T1,08035550001,"No network since yesterday, this is terrible, I am losing money",${opened},Phone,Ikeja,Open`,
        `T2,08035550002,,${opened},Phone,Ikeja,Open`,
        `T3,08035550003,"You charged me twice, refund my money, useless company",${opened},Phone,Ikeja,Open`,
      ].join('\n')}\n`,
    );
    const service = start('start', '--port', '0', '--data', data);
    const greeting = await service.shows('"event":"started"');
    for (const words of [
      /address +http:\/\/127\.0\.0\.1:\d+/,
      /\/docs/,
      /for evaluation/,
      /redress outbox/,
      /rdk_\w+/,
    ])
      expect(greeting).toMatch(words);
    // People first, then the log.
    expect(greeting.indexOf('not shown again')).toBeLessThan(greeting.indexOf('{"at"'));

    const second = await redress('start', '--port', '0', '--data', data);
    expect(second.code).toBe(1);
    expect(second.err).toContain(`in use by process ${service.child.pid}`);

    const imported = await redress(
      'import',
      file,
      '--feed',
      'call_centre',
      '--data',
      data,
      '--wait',
      '--json',
    );
    expect(imported.code).toBe(1); // one row without a text is in quarantine
    expect(JSON.parse(imported.out)).toMatchObject({
      status: 'success',
      counts: { accepted: 3 },
      processing: true,
      became: { inFlight: 0, transformed: 2, quarantined: { no_text: 1 } },
    });
    const { code, out } = await redress('doctor', '--json', '--data', data);
    expect({ code, problems: (JSON.parse(out) as { problems: string[] }).problems }).toEqual({
      code: 0,
      problems: [],
    });

    service.child.kill('SIGTERM');
    const ended = await service.ended;
    expect(ended.code).toBe(0);
    expect(ended.out).toBe('');
    const events = lines(ended.err).map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.slice(-1)).toEqual(['stopped']);
    expect(events).toContain('stopping');

    const again = start('start', '--port', '0', '--data', data);
    await again.shows('"event":"started"');
    again.child.kill('SIGINT');
    expect((await again.ended).err).not.toContain('rdk_');
  }, 120_000);

  it('with a port that is taken ends at once, with nothing left running', async () => {
    const holder = start('start', '--port', '0', '--data', join(temporaryFolder(), 'data'));
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(await holder.shows('"event":"started"'))?.[1] as string;
    const data = join(temporaryFolder(), 'data');
    const { code, err } = await redress('start', '--port', port, '--data', data);
    expect(code).toBe(1);
    expect(err).toContain('is taken by another program');
    expect((await redress('ledger', '--data', data)).code).toBe(0);
    holder.child.kill('SIGTERM');
    await once(holder.child, 'exit');
  }, 120_000);
});
