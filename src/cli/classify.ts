import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { RedressError } from '../complaint/errors.js';
import { answerOf } from '../inference/classified.js';
import type { Inference } from '../inference/port.js';
import { seenText } from '../transform/seen.js';
import type { Cli } from './support/cli.js';
import { withModel } from './support/model.js';

/** Lines labelled at once. */
const BATCH = 256;

type Line = { readonly id?: string; readonly text: string };
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

const run = (cli: Cli, file: string | undefined, { explain, model }: Options) =>
  withModel(cli, model, async (inference) => {
    const { region } = cli.config().operator;
    let number = 0;
    let waiting: Line[] = [];
    const flush = async (): Promise<void> => {
      const lines = waiting;
      waiting = [];
      for (const answer of await label(
        inference,
        lines,
        (text) => seenText(text, region),
        explain === true,
      )) {
        if ('error' in answer) cli.failed();
        cli.io.out(`${JSON.stringify(answer)}\n`);
      }
    };
    for await (const line of lines(cli, file)) {
      number += 1;
      if (line.trim() === '') continue;
      waiting.push(lineOf(line, number));
      if (waiting.length === BATCH) await flush();
      if (cli.io.signal.aborted) return;
    }
    await flush();
  });

async function label(
  inference: Inference,
  lines: readonly Line[],
  seen: (text: string) => string,
  explain: boolean,
) {
  const answers = await inference.classify(
    lines.map(({ text }, i) => ({ id: String(i), text: seen(text) })),
    'bulk',
  );
  return answers.map((answer, i) => answerOf(lines[i]?.id, answer, explain));
}

async function* lines(cli: Cli, file: string | undefined): AsyncIterable<string> {
  const input = file === undefined ? cli.io.in : createReadStream(resolve(cli.io.cwd, file));
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === undefined || file === undefined) throw e;
    throw new RedressError('classify', 'no_file', `${file} can't be read (${code}).`, 'Check the path.', {
      cause: e,
    });
  }
}

/** A line that begins like an object is one, or it is an error: half an object is not a customer's words. */
function lineOf(line: string, number: number): Line {
  if (!line.trimStart().startsWith('{')) return { text: line };
  const wrong = (what: string): RedressError =>
    new RedressError(
      'classify',
      'bad_line',
      `Line ${number} ${what}.`,
      'Send {"text": "..."} with an optional string "id", or plain text that does not begin with "{".',
    );
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong('is no JSON');
  }
  const { id, text } = value as Record<string, unknown>;
  if (typeof text !== 'string') throw wrong('has no string "text"');
  if (id === undefined) return { text };
  if (typeof id !== 'string' && typeof id !== 'number') throw wrong('has an "id" that is no string');
  return { id: String(id), text };
}
