import { parseArgs } from 'node:util';

export type Options = {
  readonly json: boolean;
  readonly help: boolean;
  readonly rounds: number;
  readonly scale: number;
  readonly only: readonly string[];
};

const QUICK = { rounds: 2, scale: 0.1 };
const USUAL = { rounds: 5, scale: 1 };

export const usage = (names: readonly string[]): string => `npm run bench -- [options]

  --only NAME    one bench; may be repeated: ${names.join(', ')}
  --rounds N     rounds, 1 to 99 (default ${USUAL.rounds}; cpu and memory take fewer)
  --scale F      multiplies all sizes, 0.001 to 100 (default 1)
  --quick        ${QUICK.rounds} rounds at a tenth of the sizes: to see that it runs, not to quote
  --json         the numbers on standard output; without it a table
`;

/** Throws an Error whose message is for people. */
export function parseOptions(args: readonly string[], names: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      scale: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const unknown = values.only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: there is no such bench; there are ${names.join(', ')}`);
  const usual = values.quick ? QUICK : USUAL;
  const rounds = numberIn('rounds', values.rounds, usual.rounds, 1, 99);
  if (!Number.isInteger(rounds)) throw new Error(`--rounds ${values.rounds}: must be a whole number`);
  const { json, help } = values;
  return {
    json,
    help,
    rounds,
    scale: numberIn('scale', values.scale, usual.scale, 0.001, 100),
    only: values.only.length > 0 ? values.only : names,
  };
}

function numberIn(
  name: string,
  text: string | undefined,
  usual: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} ${text}: must be from ${least} to ${most}`);
  return value;
}
