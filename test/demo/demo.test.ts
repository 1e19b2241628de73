import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../demo/report.js';

const DEMO = fileURLToPath(new URL('../../demo/index.js', import.meta.url));
const LONG = 240_000; // a limit for a machine that is busy with other tests; alone it takes about ten seconds

type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Where its data was. */
  readonly data: string | undefined;
};

/** Runs the demo as a user would; `onLine` sees what it says on standard error. */
async function demo(
  args: readonly string[],
  onLine = (_line: string, _kill: () => void) => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [DEMO, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    onLine(line, () => child.kill('SIGINT'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const stderr = said.join('\n');
  return { code, stdout, stderr, data: /data in (\S+)/.exec(stderr)?.[1] };
}

describe('npm run demo', () => {
  let ended: Ended;
  let report: Report;
  beforeAll(async () => {
    ended = await demo(['--json']);
    report = JSON.parse(ended.stdout) as Report;
  }, LONG);

  it('adds up, says so, and leaves nothing behind', () => {
    expect(ended.code).toBe(0);
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(ended.stderr).toContain('Proof: it adds up');
    expect(ended.data).toMatch(/redress-demo-\w+[/\\]data$/);
    expect(existsSync(join(ended.data ?? '', '..'))).toBe(false);
  });

  it('gets from every door what its data calls for', () => {
    const none = { repeated: 0, conflict: 0, refused: 0, quarantined: 0, reasons: {} };
    expect(report.channels.map(({ name: _, how: __, ...counts }) => counts)).toEqual([
      { ...none, feed: 'x', sent: 73, accepted: 72, repeated: 1 },
      { ...none, feed: 'sms', sent: 74, accepted: 72, repeated: 2 },
      { ...none, feed: 'form', sent: 42, accepted: 41, repeated: 1 },
      { ...none, feed: 'api', sent: 46, accepted: 43, repeated: 1, conflict: 2 },
      { ...none, feed: 'comcast_fcc', sent: 155, accepted: 155 },
      {
        ...none,
        feed: 'call_centre',
        sent: 30,
        accepted: 30,
        quarantined: 5,
        reasons: { no_text: 2, bad_date: 2, bad_row: 1 },
      },
    ]);
  });

  it('has one message and one ticket of each due complaint, and of nothing else', () => {
    const { due = 0 } = report.routing;
    expect(report.proof).toEqual({
      ledger: 'balanced',
      runs: 6,
      broken: [],
      due,
      withOneMessage: due,
      withOneTicket: due,
      messages: due,
      tickets: due,
      strayMessages: 0,
      strayTickets: 0,
    });
    expect(due).toBeGreaterThan(200);
    expect((report.latency.posts?.n ?? 0) + (report.latency.files?.n ?? 0)).toBe(due);
    expect(report.teams.reduce((sum, team) => sum + team.all, 0)).toBe(due);
  });

  it('labels every accepted record that is not quarantined, and decides about each', () => {
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    const labelled = sum(report.channels.map((c) => c.accepted - c.quarantined));
    expect(sum(report.categories.map((c) => c.all))).toBe(labelled);
    expect(sum(Object.values(report.routing))).toBe(labelled);
    expect(report.routing.historic).toBeGreaterThan(0);
    expect(report.routing.closed_at_source).toBeGreaterThan(0);
  });

  it('compares all 228 written labels, and shows the messages as people see them', () => {
    expect(report.agreement?.n).toBe(228);
    expect(report.agreement?.heads.category.right).toBeGreaterThan(228 / 3);
    expect(report.slack.length).toBe(3);
    for (const { channel, reference } of report.slack) {
      expect(ended.stderr).toContain(`─ #${channel} ─`);
      expect(ended.stderr).toContain(reference);
    }
  });
});

describe('npm run demo -- --file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-demo-test-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it(
    'plays that file alone, read by its headings, and shows how',
    async () => {
      const path = file(
        'ours.csv',
        [
          'Ref;Opened;Complaint Details;Town',
          '1;2026-11-20 10:00;"No network in our street since Monday; calls fail";Ikeja',
          '2;2026-11-21 11:30;You debited me twice for the same bundle, refund me;Aba',
          '3;2026-11-22 12:00;Thanks, it works again;Jos',
          '4;2026-11-22 14:10;;Kano',
          '',
        ].join('\n'),
      );
      const { code, stdout, stderr, data } = await demo(['--json', '--file', path]);
      const report = JSON.parse(stdout) as Report;
      expect(stderr).toMatch(/text +"Complaint Details"/);
      expect(stderr).toMatch(/occurredAt +"Opened"/);
      expect(report.channels).toMatchObject([
        { feed: 'own_file', sent: 4, accepted: 4, quarantined: 1, reasons: { no_text: 1 } },
      ]);
      expect(report.agreement).toBeUndefined();
      expect(report.routing.due).toBeGreaterThanOrEqual(2);
      expect(report).toMatchObject({ ok: true, proof: { messages: report.routing.due } });
      expect(code).toBe(0);
      expect(existsSync(data ?? '/')).toBe(false);
    },
    LONG,
  );

  it.each([
    ['missing', () => join(folder, 'none.csv'), /There is no file/],
    ['empty', () => file('empty.csv', ''), /is empty/],
    ['a spreadsheet', () => file('book.csv', 'PK\u0003\u0004....'), /not a CSV/],
    ['without words', () => file('numbers.csv', 'a,b\n1,2\n3,4\n'), /No column of it looks like the text/],
  ])('says what is wrong with a file that is %s', async (_, path, problem) => {
    const { code, stderr } = await demo(['--file', path()]);
    expect(stderr).toMatch(problem);
    expect(code).toBe(1);
  });
});

describe('wrong use and interruption', () => {
  it.each([['--fast'], ['--file'], ['--feed=x'], ['a.csv'], ['--keep=1']])('refuses %s', async (argument) => {
    const { code, stderr } = await demo([argument]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: npm run demo');
  });

  it(
    'stops in order on Ctrl+C and removes its folder',
    async () => {
      const { code, data } = await demo(['--json'], (line, kill) => {
        if (line.startsWith('Started in')) kill();
      });
      expect(code).toBe(130);
      expect(data).toBeDefined();
      expect(existsSync(join(data ?? '', '..'))).toBe(false);
    },
    LONG,
  );
});
