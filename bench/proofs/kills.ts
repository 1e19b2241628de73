import { type Facts, openView } from './facts.js';
import { absent } from './files.js';
import { allNegativeDue, judge, outcomes, sameOutcomes } from './judge.js';
import { type Killed, killAt } from './mayhem.js';
import { type Moment, momentsOf, textOf } from './moments.js';
import type { Proof, ProofOptions } from './proof.js';
import { seeded } from './random.js';
import { type Check, equal, holds, type Report } from './report.js';
import { openSite } from './site.js';
import { stopwatch } from './stopwatch.js';
import { askLedger, importFile, rowsByFeed, settled } from './work.js';

/** A lost delivery lease lasts 60 s, and Slack may ask for more time. */
const PATIENCE = { stallMs: 180_000, totalMs: 1_200_000 };

/** The same work with nothing killed: what the disturbed run must come to. */
async function undisturbed(options: ProofOptions): Promise<Facts> {
  const site = await openSite({ ...options, rate: 1_000 });
  let keep = true;
  try {
    options.say(`undisturbed run in ${site.folder}`);
    await site.start();
    const view = await openView(site);
    try {
      for (const file of options.files) await importFile(site, file, 'always');
      await settled(site, view, PATIENCE);
      const facts = await view.facts();
      keep = options.keep;
      return facts;
    } finally {
      await view.close();
    }
  } finally {
    await site.close(keep);
  }
}

async function disturbed(options: ProofOptions, calm: Facts): Promise<Report> {
  const { files, say, seed } = options;
  const random = seeded(seed);
  const moments = options.moments ?? momentsOf(options.kills, random);
  const totals = { records: calm.staging.length, deliveries: calm.deliveries.length };
  const site = await openSite(options);
  let keep = true;
  try {
    say(`disturbed run in ${site.folder}; seed ${seed}: ${moments.map(textOf).join('; ')}`);
    await site.start();
    const view = await openView(site);
    const over = new AbortController();
    try {
      const watch = stopwatch();
      const importing = (async () => {
        let tries = 0;
        for (const file of files) tries += (await importFile(site, file, 'always')).tries;
        return tries;
      })();
      // What fails first ends the other one too; both are over before the site is closed.
      const killing = killAt(moments, site, view, { totals, random, say, signal: over.signal });
      importing.catch(() => over.abort());
      const [imported, kills] = await Promise.allSettled([importing, killing]);
      if (imported.status === 'rejected') throw imported.reason;
      if (kills.status === 'rejected') throw kills.reason;
      say('all kills done, waiting for what is in flight');
      await settled(site, view, PATIENCE);
      const seconds = watch();
      const rows = rowsByFeed(files);
      const facts = await view.facts();
      const checks = [
        ...killChecks(moments, kills.value),
        ...(await askLedger(site, rows)).checks,
        ...judge(facts, rows),
        allNegativeDue(facts),
        sameOutcomes(outcomes(calm), outcomes(facts)),
      ];
      const report: Report = {
        proof: 'kills',
        checks,
        figures: {
          seed,
          'seconds until all was delivered': seconds,
          'import commands run': imported.value,
          'connections of the proof opened anew': view.reopened(),
          records: facts.staging.length,
          'Slack messages': facts.messages.length,
          tickets: facts.tickets.length,
          'deliveries tried more than once': facts.deliveries.filter((d) => d.attempts > 1).length,
          ...(await answers(site.slack)),
          ...Object.fromEntries(kills.value.map((k, i) => [`kill ${i + 1}`, `${k.seconds} s: ${textOf(k)}`])),
        },
      };
      keep = options.keep || !holds(report);
      return keep ? { ...report, folder: site.folder } : report;
    } finally {
      over.abort();
      await view.close();
    }
  } finally {
    await site.close(keep);
  }
}

const killChecks = (moments: readonly Moment[], killed: readonly Killed[]): Check[] =>
  (['service', 'mongodb', 'redis'] as const).map((victim) => {
    const of = (list: readonly Moment[]) => list.filter((m) => m.victim === victim).length;
    return equal(`kills of ${victim}`, of(moments), of(killed));
  });

/** How often Slack failed while messages were posted, by its answer. */
async function answers(slack: { calls(): Promise<{ method: string; answer: string }[]> }) {
  const counts: Record<string, number> = {};
  for (const { method, answer } of await slack.calls())
    if (answer !== 'ok') counts[`Slack ${method} ${answer}`] = (counts[`Slack ${method} ${answer}`] ?? 0) + 1;
  return counts;
}

export const kills: Proof = {
  name: 'kills',
  about:
    'service, MongoDB and Redis are killed (-9) at random moments, Slack fails: all comes out as if undisturbed',
  async run(options) {
    const skipped = absent(options.files);
    if (skipped) return { proof: 'kills', checks: [], figures: {}, skipped };
    return disturbed(options, await undisturbed(options));
  },
};
