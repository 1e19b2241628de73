import { createClient } from './client.js';
import { collect } from './collect.js';
import { printKept, printNext, printStopped } from './next.js';
import type { DemoOptions } from './options.js';
import { withOwnFeed } from './own-file.js';
import { fileChannel, playFile, playPosts, postChannels } from './play.js';
import { printReport, type Report } from './report.js';
import { type Scenario, scenarioOf } from './scenario.js';
import type { Screen } from './screen.js';
import { type Site, startSite } from './site.js';
import { printGuess, printTitle } from './title.js';
import { watch } from './watch.js';

export type DemoIo = {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Resolves when the process is asked to end. */
  readonly asked: Promise<void>;
  readonly cwd: string;
  readonly json: (report: Report) => void;
};

/** Plays, reports, and leaves nothing behind unless told to; resolves with the exit code. */
export async function runDemo(options: DemoOptions, io: DemoIo): Promise<number> {
  const { screen, signal } = io;
  const scenario = scenarioOf(options, io.cwd, new Date());
  const guess = scenario.own?.guess;
  printTitle(screen, scenario.slackRate, scenario.own?.path);
  if (guess) printGuess(screen, guess);
  screen.line();
  screen.progress('Starting ...');
  const begun = performance.now();
  const site = await startSite({
    slackRate: scenario.slackRate,
    ...(guess ? { sources: (shipped: string) => withOwnFeed(shipped, guess) } : {}),
  });
  let kept = false;
  try {
    signal.throwIfAborted();
    const took = ((performance.now() - begun) / 1_000).toFixed(1);
    screen.settled(`Started in ${took} s at ${site.url}; data in ${site.dataDir}`);
    const report = await play(scenario, site, io);
    printReport(report, screen);
    if (options.json) io.json(report);
    if (options.keep) {
      kept = true;
      printKept(screen, site, report.slack[0]?.reference);
      await io.asked;
    } else printNext(screen);
    return report.ok ? 0 : 1;
  } finally {
    if (signal.aborted) screen.settled('Stopping in order ...');
    await site.stop();
    if (kept) printStopped(screen, site);
    else site.remove();
  }
}

async function play(scenario: Scenario, site: Site, { screen, signal }: DemoIo): Promise<Report> {
  const { posts, files, slackRate } = scenario;
  const begun = performance.now();
  const client = createClient(site, signal);
  const ids = new Map<string, string>();
  const written = posts.length > 0 ? postChannels() : [];
  const imported = files.map(fileChannel);
  const channels = [...written, ...imported];
  const playing = Promise.all([
    playPosts(posts, client, written, ids),
    ...files.map((file, i) => playFile(file, site, imported[i] ?? fileChannel(file), signal)),
  ]);
  playing.catch(() => {}); // awaited below; until then it must not count as unhandled
  await watch({
    running: site.running,
    screen,
    playing,
    taken: () => `${channels.reduce((sum, c) => sum + c.sent, 0)} taken in`,
    messages: () => site.slack.messages().length,
    signal,
  });
  await playing;
  const tookMs = Math.round(performance.now() - begun);
  return collect({ site, client, channels, ids, tookMs, slackRate });
}
