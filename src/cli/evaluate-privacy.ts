import { basename, join } from 'node:path';
import { RedressError } from '../complaint/errors.js';
import { evaluatePrivacy, type PrivacyReport, type Share } from '../governance/privacy/evaluate.js';
import { personalSpans } from '../governance/privacy/redact.js';
import { PERSONAL_TYPES } from '../governance/privacy/types.js';
import { modelsDir } from '../paths.js';
import type { Cli } from './support/cli.js';
import { table } from './support/text.js';

/** The sets that come with the project: one that rules were made with, and one that nobody had seen before. */
const SHIPPED = ['messages.jsonl', 'blind.jsonl'].map((name) =>
  join(modelsDir, 'evaluation', 'privacy', name),
);

const share = ({ value, low, high, of }: Share): string =>
  of === 0 ? '' : `${percent(value)} (${percent(low)} to ${percent(high)})`;
const percent = (x: number): string => (x * 100).toFixed(1);

async function measured(cli: Cli, file: string): Promise<PrivacyReport> {
  const { region, names: own } = cli.config().operator;
  const find = (text: string) => personalSpans(text, region, { own });
  try {
    return await evaluatePrivacy(file, find);
  } catch (e) {
    throw new RedressError(
      'evaluate',
      'unreadable',
      `${basename(file)} can't be used: ${(e as Error).message}.`,
      'Give NDJSON with "id" and "text" in each line, personal data marked as ⟦TYPE|what⟧ (models/evaluation/privacy/GUIDELINES.md).',
      { cause: e },
    );
  }
}

/** `evaluate --privacy`: how much of the personal data in labelled messages is taken out, and what else with it. */
export async function evaluatePrivacyFiles(cli: Cli, data: string | undefined, json: boolean): Promise<void> {
  const files = data === undefined ? SHIPPED : [data];
  const reports: Record<string, PrivacyReport> = {};
  for (const file of files) {
    const report = await measured(cli, file);
    reports[basename(file)] = report;
    const rows = PERSONAL_TYPES.flatMap((type) => {
      const figures = report.types[type];
      return figures && figures.covered.of + figures.precision.of > 0 ? [[type, figures] as const] : [];
    });
    cli.say(`${basename(file)}, ${report.messages} messages\n`);
    cli.say(
      table(
        ['type', 'labelled', 'gone, % (95 % interval)', 'gone by that name', 'rightly taken'],
        [...rows, ['all', report.all] as const].map(([type, f]) => [
          type,
          f.covered.of,
          share(f.covered),
          share(f.recall),
          share(f.precision),
        ]),
      ),
    );
    const ids = (of: readonly { readonly id: string; readonly type: string }[]) =>
      of.map(({ id, type }) => `${id} ${type}`).join(', ') || 'none';
    cli.say(`\nLeft in the text: ${ids(report.misses.filter((m) => !m.covered))}`);
    cli.say(`Taken though it is nobody's: ${ids(report.extras)}\n`);
  }
  if (json) cli.json(reports);
}
