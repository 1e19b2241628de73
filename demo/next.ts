import type { Screen } from './screen.js';
import type { Site } from './site.js';

const entries = (screen: Screen, title: string, rows: readonly (readonly [string, string])[]): void => {
  const widest = Math.max(...rows.map(([label]) => label.length));
  screen.line();
  screen.line(screen.bold(title));
  for (const [label, text] of rows) screen.line(`  ${label.padEnd(widest)}  ${text}`);
};

/** Where to look next when everything is gone again. */
export const printNext = (screen: Screen): void =>
  entries(screen, 'Next (nothing of this demo is left behind)', [
    ['look around in it', 'npm run demo -- --keep'],
    ['your own file', 'npm run demo -- --file complaints.csv'],
    ['the service itself', 'npm start'],
  ]);

/** How to look around while everything runs. `reference` is of some complaint that reached a team. */
export function printKept(screen: Screen, site: Site, reference: string | undefined): void {
  const { url, apiKey, dataDir, configDir, slack, logFile } = site;
  const run = `npm run -s redress --`;
  const where = `--data ${dataDir}`;
  entries(screen, 'Everything keeps running', [
    ['HTTP API', url],
    ['API key', apiKey],
    ['docs page', `${url}/docs`],
    ['Slack messages', new URL('/control/messages', slack.url).href],
    ['data folder', dataDir],
    ['settings', configDir],
    ['log', logFile],
  ]);
  screen.line();
  screen.line(screen.bold('Look around from another terminal'));
  for (const command of [
    `${run} ledger ${where}`,
    `${run} complaint ${reference ?? 'REFERENCE'} ${where}`,
    `${run} tickets list ${where}`,
    `${run} runs ${where}`,
    `curl -H 'x-api-key: ${apiKey}' '${url}/v1/complaints?limit=3'`,
    `curl -H 'x-api-key: ${apiKey}' '${url}/v1/trends'`,
  ])
    screen.line(`  ${command}`);
  screen.line();
  screen.line('Ctrl+C stops it in order; the data folder stays.');
}

/** After Ctrl+C. */
export function printStopped(screen: Screen, { folder, dataDir, configDir }: Site): void {
  entries(screen, 'Stopped; its data is kept', [
    ['go on with it', `npm start -- --data ${dataDir} --config ${configDir}`],
    ['remove it', `rm -r ${folder}`],
  ]);
}
