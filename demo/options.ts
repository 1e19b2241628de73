import { parseArgs } from 'node:util';
import { RedressError } from '../src/complaint/errors.js';

export const USAGE = `Usage: npm run demo [-- options]

  --file FILE.csv   play your own file instead of the demo's data
  --feed NAME       read it by this feed of config/sources.yaml (default: guessed from its headings)
  --keep            leave everything running afterwards, until Ctrl+C
  --json            print the report as JSON on standard output, all else on standard error
  --help            print this

Exit: 0 all of it added up, 1 it did not, 2 wrong use, 130 interrupted.
`;

export type DemoOptions = {
  readonly file?: string;
  readonly feed?: string;
  readonly keep: boolean;
  readonly json: boolean;
  readonly help: boolean;
};

const wrong = (problem: string): RedressError =>
  new RedressError('demo', 'usage', problem, 'npm run demo -- --help shows the options.');

/** Throws RedressError (code `usage`) for anything that is no option or lacks its value. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values, tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      file: { type: 'string' },
      feed: { type: 'string' },
      keep: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const known = ['file', 'feed', 'keep', 'json', 'help'];
  for (const token of tokens) {
    if (token.kind === 'positional') throw wrong(`"${token.value}" is no option; a file goes after --file.`);
    if (token.kind !== 'option') continue;
    if (!known.includes(token.name)) throw wrong(`There is no option ${token.rawName}.`);
    const takesValue = token.name === 'file' || token.name === 'feed';
    if (takesValue && !token.value?.trim()) throw wrong(`${token.rawName} needs a value.`);
    if (!takesValue && token.value !== undefined) throw wrong(`${token.rawName} takes no value.`);
  }
  const { file, feed } = values;
  if (typeof feed === 'string' && typeof file !== 'string') throw wrong('--feed says how to read --file.');
  return {
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof feed === 'string' ? { feed } : {}),
    keep: values.keep === true,
    json: values.json === true,
    help: values.help === true,
  };
}
