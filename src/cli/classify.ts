import type { Command } from 'commander';
import { answerOf } from '../inference/classified.js';
import type { Inference } from '../inference/port.js';
import { seenText } from '../transform/seen.js';
import { batchesOf } from './support/batches.js';
import type { Cli } from './support/cli.js';
import { type Input, inputOf } from './support/input.js';
import { type Item, itemOf } from './support/item.js';
import { linesOf } from './support/lines.js';
import { withModel } from './support/model.js';

/** Lines labelled at once. */
const BATCH = 256;

type Options = { readonly explain?: true; readonly model?: string };

export function classifyCommand(program: Command, cli: Cli): void {
  program
    .command('classify')
    .description('label texts without storing them: a line in, a line of JSON out')
    .argument('[file]', 'plain lines, or NDJSON of {"id"?, "text"}; standard input without it')
    .option('--explain', 'with the words that decided')
    .option('--model <id>', 'a folder in models/ (default: inference.model)')
    .action((file: string | undefined, options: Options) => run(cli, file, options));
}

async function run(cli: Cli, file: string | undefined, { explain, model }: Options): Promise<void> {
  const { signal } = cli.io;
  const { region, names } = cli.config().operator;
  const seen = (text: string) => seenText(text, region, names);
  const input = inputOf(cli.io, file);
  const batches = batchesOf(itemsIn(input), BATCH);
  try {
    // Before a model is loaded: a file that can't be read is told at once.
    let next: IteratorResult<Item[], void> = await batches.next();
    if (next.done) return cli.say(`There is no text in ${input.name}: nothing to label.`);
    await withModel(cli, model, async (inference) => {
      for (; !next.done && !signal.aborted; next = await batches.next()) {
        const answers = await label(inference, next.value, seen, explain === true);
        if (answers.some((answer) => 'error' in answer)) cli.failed();
        cli.io.out(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
      }
    });
  } catch (e) {
    if (!signal.aborted) throw e; // else it is the reading that was ended
  } finally {
    await batches.return(undefined);
  }
}

async function* itemsIn({ bytes, name }: Input): AsyncGenerator<Item> {
  for await (const line of linesOf(bytes, name)) if (line.text.trim() !== '') yield itemOf(line);
}

async function label(
  inference: Inference,
  items: readonly Item[],
  seen: (text: string) => string,
  explain: boolean,
) {
  const answers = await inference.classify(
    items.map(({ text }, i) => ({ id: String(i), text: seen(text) })),
    'bulk',
  );
  return answers.map((answer, i) => answerOf(items[i]?.id, answer, explain));
}
