import { openView, type View } from './facts.js';
import { absent } from './files.js';
import { allNegativeDue, judge } from './judge.js';
import type { Proof, ProofOptions } from './proof.js';
import { type Check, equal, holds, type Report } from './report.js';
import { openSite, type Site } from './site.js';
import { stopwatch } from './stopwatch.js';
import { askLedger, importFile, rowsByFeed, routingOf, settled } from './work.js';

const PATIENCE = { stallMs: 120_000, totalMs: 900_000 };

type Part = { readonly checks: Check[]; readonly figures: Record<string, number | string> };

/** Everything comes in, is routed, delivered once; a second time nothing is new. */
async function routed(site: Site, view: View, options: ProofOptions): Promise<Part> {
  const { files, say } = options;
  const checks: Check[] = [];
  const watch = stopwatch();
  for (const file of files) {
    const { counts, status } = await importFile(site, file, 'always');
    say(`imported ${file.feed}: ${status}, ${counts.accepted} of ${counts.read} accepted`);
    checks.push(
      equal(`rows read of ${file.feed}`, file.rows, counts.read),
      equal(`accepted of ${file.feed}`, file.rows, counts.accepted),
    );
  }
  const imported = watch();
  await settled(site, view, PATIENCE);
  const delivered = watch();
  const rows = rowsByFeed(files);
  const facts = await view.facts();
  checks.push(...(await askLedger(site, rows)).checks, ...judge(facts, rows), allNegativeDue(facts));

  for (const file of files) {
    const { counts } = await importFile(site, file, 'always');
    say(`imported ${file.feed} again: ${counts.repeated} of ${counts.read} repeated`);
    checks.push(
      equal(`second import of ${file.feed}: repeated`, file.rows, counts.repeated),
      equal(`second import of ${file.feed}: accepted`, 0, counts.accepted),
    );
  }
  await settled(site, view, PATIENCE);
  const again = await view.facts();
  for (const layer of ['staging', 'complaints', 'deliveries', 'tickets', 'messages'] as const)
    checks.push(equal(`second import: ${layer}`, facts[layer].length, again[layer].length));
  const second = await askLedger(site, rows);
  checks.push(...second.checks.map((c) => ({ ...c, name: `second import: ${c.name}` })));

  const quarantined = facts.staging.filter((s) => s.status === 'quarantined');
  return {
    checks,
    figures: {
      'rows imported': facts.staging.length,
      'seconds to import': imported,
      'seconds until all was delivered': delivered,
      'complaints due': facts.complaints.filter((c) => c.routing.state === 'due').length,
      'Slack messages': facts.messages.length,
      tickets: facts.tickets.length,
      quarantined: reasonsOf(quarantined.map((s) => s.reason ?? 'unknown')),
    },
  };
}

function reasonsOf(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const r of reasons) counts.set(r, (counts.get(r) ?? 0) + 1);
  return [...counts].map(([r, n]) => `${r} ${n}`).join(', ') || 'none';
}

/** The same files as history, without the flag: they are kept and labelled, and flood nobody. */
async function asHistory(site: Site, view: View, options: ProofOptions): Promise<Part> {
  const { files, say } = options;
  for (const file of files) {
    const { status } = await importFile(site, file);
    say(`imported ${file.feed} as history: ${status}`);
  }
  await settled(site, view, PATIENCE);
  const rows = rowsByFeed(files);
  const facts = await view.facts();
  const posts = (await site.slack.calls()).filter((c) => c.method === 'chat.postMessage');
  const { ledger, checks } = await askLedger(site, rows);
  const routing = routingOf(ledger);
  const state = (name: string) => facts.complaints.filter((c) => c.routing.state === name).length;
  const negative = facts.complaints.filter((c) => c.negative).length;
  return {
    checks: [
      ...checks,
      equal('due', 0, routing.due ?? 0),
      equal('messages posted', 0, posts.length),
      equal('deliveries', 0, facts.deliveries.length),
      equal('tickets', 0, facts.tickets.length),
      equal('historic, in the ledger', state('historic'), routing.historic ?? 0),
      equal('closed_at_source, in the ledger', state('closed_at_source'), routing.closed_at_source ?? 0),
      {
        name: 'negative complaints that are historic or closed',
        expected: `at least ${negative}`,
        found: state('historic') + state('closed_at_source'),
        ok: state('historic') + state('closed_at_source') >= negative && negative > 0,
      },
    ].map((c) => ({ ...c, name: `as history: ${c.name}` })),
    figures: {
      'as history: historic': routing.historic ?? 0,
      'as history: closed_at_source': routing.closed_at_source ?? 0,
      'as history: not_negative': routing.not_negative ?? 0,
    },
  };
}

/** Runs a part on a site of its own; the folder is kept if a check failed, or the part did. */
async function onSite(
  part: (site: Site, view: View, options: ProofOptions) => Promise<Part>,
  options: ProofOptions,
): Promise<Part & { readonly folder?: string }> {
  const site = await openSite(options);
  let keep = true;
  try {
    options.say(`folder ${site.folder}`);
    await site.start();
    const view = await openView(site);
    try {
      const result = await part(site, view, options);
      keep = options.keep || !result.checks.every((c) => c.ok);
      return { ...result, ...(keep ? { folder: site.folder } : {}) };
    } finally {
      await view.close();
    }
  } finally {
    await site.close(keep);
  }
}

export const imports: Proof = {
  name: 'imports',
  about:
    'real exports come in whole, each due complaint is one Slack message and one ticket; again: nothing new',
  async run(options): Promise<Report> {
    const skipped = absent(options.files);
    if (skipped) return { proof: 'imports', checks: [], figures: {}, skipped };
    const first = await onSite(routed, options);
    const second = await onSite(asHistory, options);
    const folders = [first.folder, second.folder].filter((f) => f !== undefined);
    const report: Report = {
      proof: 'imports',
      checks: [...first.checks, ...second.checks],
      figures: { ...first.figures, ...second.figures },
    };
    return folders.length > 0 || !holds(report) ? { ...report, folder: folders.join(', ') } : report;
  },
};
