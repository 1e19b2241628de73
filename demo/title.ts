import type { OwnFile } from './own-file.js';
import type { Screen } from './screen.js';
import { printable, wrap } from './width.js';

const LABEL = 12;

function entry(screen: Screen, label: string, text: string): void {
  for (const [i, line] of wrap(text, screen.columns - LABEL - 2).entries())
    screen.line(`  ${(i === 0 ? label : '').padEnd(LABEL)}${line}`);
}

/** What the reader is about to see: what of it is real and what is not. */
export function printTitle(screen: Screen, slackRate: number, own: string | undefined): void {
  screen.line(screen.bold('Redress demo: the whole service, started for real in a folder of its own'));
  entry(
    screen,
    'real',
    `the service: MongoDB and Redis, HTTP door, import, model, routing, tickets, ledger; and ${own === undefined ? "155 records of a US regulator's log (2015)" : `your file ${printable(own)}`}`,
  );
  entry(
    screen,
    'stand-in',
    `Slack: a local server that keeps its contract, at ${slackRate} messages a second and channel instead of 1`,
  );
  if (own === undefined)
    entry(
      screen,
      'written',
      '235 messages to an invented operator (X, SMS, web form, CRM) and an export of 30 rows, 5 of them broken',
    );
}

/** How the user's file will be read. */
export function printGuess(screen: Screen, file: OwnFile): void {
  const { columns, delimiter, encoding } = file;
  screen.line();
  screen.line(screen.bold('Your file is read like this'));
  for (const { field, column, because } of columns)
    entry(screen, field, `"${printable(column)}" (${because})`);
  entry(
    screen,
    'as',
    `${encoding}, cells divided by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}; other columns are kept with each record`,
  );
  entry(
    screen,
    'times',
    columns.some((c) => c.field === 'occurredAt')
      ? 'where they name no zone, they are read as those of Africa/Lagos'
      : 'the moment of the import: no column has times that can be read without doubt',
  );
  entry(screen, 'wrong?', 'declare a feed in config/sources.yaml and name it: --file FILE.csv --feed NAME');
}
