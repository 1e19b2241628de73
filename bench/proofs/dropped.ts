import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report as FileReport } from '../../src/sources/call-log/report.js';
import { openView, type View } from './facts.js';
import type { Proof, ProofOptions } from './proof.js';
import { between, seeded } from './random.js';
import { type Check, equal, holds, type Report } from './report.js';
import { openSite, type Site } from './site.js';
import { stopwatch } from './stopwatch.js';
import { askLedger, settled } from './work.js';
import { until } from './wait.js';

const FULL = { rows: 100_000, kills: 10 };
const FEED = 'call_centre';
const PATIENCE = { stallMs: 180_000, totalMs: 1_800_000 };
const NAME = 'calls.csv';

const withInbox = (yaml: string): string => yaml.replace(`\n  ${FEED}:\n`, `\n  ${FEED}:\n    inbox: true\n`);

/** Old complaints: they are labelled and counted, and nobody is written to. */
function* lines(rows: number): Generator<string> {
  yield 'ticket_id,customer_phone,complaint,opened_at,channel,city,status\n';
  for (let i = 1; i <= rows; i++)
    yield `T${i},0803${String(i).padStart(7, '0')},"No network since ${i % 24} hours, ""nobody"" answers",2024-03-05 09:30,Phone,Ikeja,Open\n`;
}

/** As a careful sender does it: under another name, then renamed. */
function drop(folder: string, rows: number): void {
  const path = join(folder, NAME);
  writeFileSync(`${path}.part`, [...lines(rows)].join(''));
  renameSync(`${path}.part`, path);
}

/** Kills the service when so many rows are in, and starts it again; the ledger must hold at every one of them. */
async function killAt(
  shares: readonly number[],
  rows: number,
  site: Site,
  view: View,
  say: (l: string) => void,
) {
  const checks: Check[] = [];
  let before = 0;
  for (const [i, share] of shares.entries()) {
    const look = async () => {
      site.mustRun();
      const { staged } = await view.progress();
      return { done: staged >= share * rows, state: `${staged} rows staged` };
    };
    await until(`${Math.round(share * rows)} rows staged`, look, { ...PATIENCE, everyMs: 10 }, site.folder);
    await site.kill();
    await site.start();
    const { staged } = await view.progress();
    say(`kill ${i + 1} at ${(share * 100).toFixed(1)} %: ${staged} rows are in`);
    const { ledger } = await askLedger(site, {});
    checks.push(
      {
        ...equal(`ledger after kill ${i + 1}`, 'not broken', ledger.verdict),
        ok: ledger.verdict !== 'broken',
      },
      { ...equal(`rows in after kill ${i + 1}`, `${before} or more`, staged), ok: staged >= before },
    );
    before = staged;
  }
  return checks;
}

async function run(options: ProofOptions): Promise<Report> {
  const { rows, kills } = options.dropped ?? FULL;
  const random = seeded(options.seed);
  const shares = Array.from({ length: kills }, (_, i) => (i + between(random, 0.05, 0.95)) / (kills + 0.5));
  const settings = { REDRESS_INBOX_SCAN_EVERY: '200ms', REDRESS_INBOX_STABLE_FOR: '1s', ...options.settings };
  const site = await openSite({ rate: options.rate, settings, sources: withInbox });
  const root = join(site.dataDir, 'inbox', FEED);
  let keep = true;
  try {
    options.say(`drop folder in ${root}; seed ${options.seed}, ${kills} kills in ${rows} rows`);
    await site.start();
    const view = await openView(site);
    try {
      const opened = async () => ({ done: existsSync(join(root, 'inbox')), state: 'no folder' });
      await until('the drop folder', opened, { ...PATIENCE, everyMs: 50 }, site.folder);
      const watch = stopwatch();
      drop(join(root, 'inbox'), rows);
      const checks = await killAt(shares, rows, site, view, options.say);
      const report = join(root, 'done', `${NAME}.report.json`);
      const moved = async () => ({
        done: existsSync(report),
        state: `${(await view.progress()).staged} staged`,
      });
      await until('the file in done/', moved, { ...PATIENCE, everyMs: 50 }, site.folder);
      const imported = watch();
      await settled(site, view, PATIENCE);
      const said = JSON.parse(readFileSync(report, 'utf8')) as FileReport;
      const { staging, complaints } = await view.facts();
      const { ledger, checks: last } = await askLedger(site, { [FEED]: rows });
      const left = (station: string) => readdirSync(join(root, station)).length;
      const result: Report = {
        proof: 'files',
        checks: [
          ...checks,
          ...last,
          equal('rows in staging', rows, staging.length),
          equal('complaints in gold', rows, complaints.length),
          equal('runs of the file', 1, ledger.rows.filter((r) => r.kind === 'import').length),
          equal('accepted, in the report beside the file', rows, said.counts?.accepted ?? 0),
          equal('files in inbox/ and processing/', 0, left('inbox') + left('processing')),
          { ...equal('gone on with', `1 to ${kills}`, said.resumed ?? 0), ok: (said.resumed ?? 0) > 0 },
        ],
        figures: {
          seed: options.seed,
          rows,
          'seconds until done/': imported,
          'rows read more than once': (said.counts?.read ?? 0) - rows,
        },
      };
      keep = options.keep || !holds(result);
      return keep ? { ...result, folder: site.folder } : result;
    } finally {
      await view.close();
    }
  } finally {
    await site.close(keep);
  }
}

export const dropped: Proof = {
  name: 'files',
  about: 'a file in a drop folder, the service killed (-9) ten times while it is read: every row is in once',
  run,
};
