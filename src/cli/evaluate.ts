import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { RedressError } from '../complaint/errors.js';
import { HEAD_NAMES } from '../complaint/labels.js';
import type { Figure } from '../inference/evaluation/bootstrap.js';
import { invariance } from '../inference/evaluation/changes.js';
import { type Evaluation, evaluate, pairedDifference } from '../inference/evaluation/evaluate.js';
import { type Label, labelWith } from '../inference/evaluation/label.js';
import { faithfulness } from '../inference/evaluation/removal.js';
import { readLabelled } from '../inference/evaluation/rows.js';
import { loadRouting } from '../routing/rules.js';
import { type TeamLabels, teamOf } from '../routing/team-of.js';
import { seenText } from '../transform/seen.js';
import { evaluatePrivacyFiles } from './evaluate-privacy.js';
import type { Cli } from './support/cli.js';
import { withModel } from './support/model.js';
import { table } from './support/text.js';

type Options = {
  readonly model?: string;
  readonly baseline: string;
  readonly trained: string[];
  readonly privacy?: true;
  readonly json?: true;
};

const collect = (value: string, before: string[]): string[] => [...before, value];

export function evaluateCommand(program: Command, cli: Cli): void {
  program
    .command('evaluate')
    .description('measure a model on labelled messages, beside the baseline, with 95 % intervals')
    .option('--model <id>', 'a folder in models/ (default: inference.model)')
    .option('--baseline <id>', 'the model to stand beside it', 'baseline-bayes-1')
    .option(
      '--trained <file>',
      'labelled messages that it was trained on, to tell apart those that resemble one; repeatable',
      collect,
      [],
    )
    .option(
      '--privacy',
      'instead: what redaction finds of the personal data marked in the messages of --data, or in those of the project',
    )
    .option('--json', 'every figure as JSON on standard output')
    .addHelpText(
      'after',
      '\nHere --data <file> names the labelled messages, CSV or NDJSON with text, category, second, sentiment, complaint,\nurgency, and source, language, channel if known: no data folder is opened.',
    )
    .action((options: Options, command: Command) => {
      // `--data` is an option of the whole program, which takes it wherever it stands.
      const { data } = program.opts<{ data?: string }>();
      if (options.privacy)
        return evaluatePrivacyFiles(cli, data && resolve(cli.io.cwd, data), options.json === true);
      if (data === undefined) command.error("error: required option '--data <file>' not specified");
      return run(cli, data, options);
    });
}

async function run(cli: Cli, data: string, { model, baseline, trained, json }: Options): Promise<void> {
  const at = (file: string) => resolve(cli.io.cwd, file);
  const { name, sha256, rows } = await readLabelled(at(data));
  if (rows.length === 0)
    throw new RedressError('evaluate', 'no_rows', `${name} has no labelled rows.`, 'Give a file with some.');
  const { region, names } = cli.config().operator;
  const seen = (text: string) => seenText(text, region, names);
  const texts = rows.map((r) => seen(r.text));
  const files = await Promise.all(trained.map((file) => readLabelled(at(file))));
  const routing = loadRouting(join(cli.config().configDir, 'routing.yaml'));
  const options = {
    teamOf: (labels: TeamLabels) => teamOf(routing, labels),
    ...(trained.length > 0 ? { trained: files.flatMap((f) => f.rows.map((r) => r.text)) } : {}),
  };

  const measured = await withModel(cli, model, async (inference) => {
    const label = labelWith(inference);
    const changed: Label = (altered) => label(altered.map(seen));
    const predictions = await label(texts);
    return {
      id: inference.model.id,
      weightsHash: inference.model.weightsHash,
      predictions,
      evaluation: evaluate(rows, predictions, options),
      invariance: await invariance(
        changed,
        rows.map((r) => r.text),
        predictions,
      ),
      faithfulness: await faithfulness(label, texts, predictions),
    };
  });
  const rival = await withModel(cli, baseline, async (inference) => {
    const predictions = await labelWith(inference)(texts);
    return { id: inference.model.id, predictions, evaluation: evaluate(rows, predictions, options) };
  });
  const difference = pairedDifference(rows, measured.predictions, rival.predictions);

  cli.say(`${measured.id} (weights ${measured.weightsHash.slice(0, 12)}) on ${name}, ${rows.length} rows\n`);
  cli.say(figures(measured.evaluation, rival.evaluation, rival.id));
  cli.say(
    `\nRight about the category more often than ${rival.id} by ${percent(difference)}, on the same rows.`,
  );
  cli.say(
    `\nSame category after a change of form\n${table(
      ['change', 'rows', 'same'],
      Object.entries(measured.invariance).map(([change, { rows: n, same }]) => [change, n, of(same)]),
    )}`,
  );
  const { faithfulness: told } = measured;
  if (told.rows > 0)
    cli.say(
      `\n${told.rows} negative texts without their evidence: ${of(told.evidence.sameCategory)} keep the category, the negative score falls by ${told.evidence.scoreFell.toFixed(3)}; without as many other words ${of(told.chance.sameCategory)} and ${told.chance.scoreFell.toFixed(3)}.`,
    );
  cli.say(
    `\nTaken for each other\n${table(
      ['is', 'said', 'rows'],
      measured.evaluation.confusions.map((c) => [c.is, c.said, c.rows]),
    )}`,
  );
  if (json)
    cli.json({
      data: { name, sha256, rows: rows.length },
      model: {
        id: measured.id,
        weightsHash: measured.weightsHash,
        ...measured.evaluation,
        invariance: measured.invariance,
        faithfulness: measured.faithfulness,
      },
      baseline: { id: rival.id, ...rival.evaluation },
      categoryOverBaseline: difference,
    });
}

const of = (share: number): string => `${(share * 100).toFixed(1)} %`;
const percent = ({ value, low, high }: Figure): string =>
  `${of(value)} (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)})`;

function figures(model: Evaluation, baseline: Evaluation, name: string): string {
  const row = (what: string, get: (e: Evaluation) => Figure | undefined): string[] => {
    const [ours, theirs] = [get(model), get(baseline)];
    return [what, ours ? percent(ours) : '', theirs ? of(theirs.value) : '', String(ours?.rows ?? '')];
  };
  const groups = (key: 'source' | 'language' | 'channel'): string[][] => {
    const values = Object.keys(model.by[key]);
    return values.length < 2
      ? []
      : values.map((v) => row(`category, ${key} ${v}`, (e) => e.by[key][v]?.category));
  };
  return table(
    ['figure', 'value (95 % interval)', name, 'rows'],
    [
      ...HEAD_NAMES.map((head) => row(head, (e) => e.accuracy[head])),
      row('category, macro-F1', (e) => e.categoryMacroF1),
      row('category or second', (e) => e.categoryOrSecond),
      row('team, of what a team should see', (e) => e.team),
      row('negative, recall', (e) => e.negative.recall),
      row('negative, precision', (e) => e.negative.precision),
      row('category, surest 85 %', (e) => e.surest85),
      ...HEAD_NAMES.map((head) => [
        `calibration error, ${head}`,
        of(model.ece[head]),
        of(baseline.ece[head]),
        String(model.rows),
      ]),
      ...HEAD_NAMES.map((head) =>
        row(`${head}, not abstained (${of(model.kept[head].share)})`, (e) => e.kept[head].accuracy),
      ),
      ...(model.language ? [row('language', (e) => e.language)] : []),
      ...(model.otherSources
        ? [row('category, all but the largest source', (e) => e.otherSources?.category)]
        : []),
      ...(model.fresh ? [row('category, no near-duplicate in train', (e) => e.fresh?.category)] : []),
      ...groups('source'),
      ...groups('language'),
      ...groups('channel'),
    ],
  );
}
