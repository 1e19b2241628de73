import { parseArgs } from 'node:util';
import { isRedressError } from '../../src/complaint/errors.js';
import { didYouMean } from '../../src/complaint/nearest.js';
import { killChildren } from './child.js';
import { dropped } from './dropped.js';
import { REAL } from './files.js';
import { imports } from './imports.js';
import { kills } from './kills.js';
import { lanes } from './lanes.js';
import type { Proof } from './proof.js';
import { holds, printed, table } from './report.js';

const PROOFS: readonly Proof[] = [imports, kills, dropped, lanes];

const USAGE = `Usage: npm run proof -- NAME [options]

${table(PROOFS.map((p) => [`  ${p.name}`, p.about]))}

  --json         the report as JSON on standard output
  --seed N       random moments of kills (default: drawn, and printed)
  --service N    kills of the service (default 5)
  --mongodb N    kills of MongoDB (default 5)
  --redis N      kills of Redis (default 5)
  --rows N       rows of the bulk load of lanes (default 1000000)
  --drain-for N  minutes that lanes goes on after the last row is accepted (default: until none waits)
  --rate N       Slack messages a second and channel (default 50)
  --model ID     model of the service (default baseline-bayes-1, the fastest)
  --keep         keep data and logs also if all went well

Exit codes: 0 proven or skipped, 1 not proven, 2 wrong use.`;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function wrongUse(problem: string): never {
  say(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const n = Number(text);
  if (!/^\d{1,10}$/.test(text) || n < least || n > most)
    wrongUse(`--${name} must be a whole number from ${least} to ${most}, not "${text.slice(0, 40)}".`);
  return n;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        seed: { type: 'string' },
        service: { type: 'string', default: '5' },
        mongodb: { type: 'string', default: '5' },
        redis: { type: 'string', default: '5' },
        rate: { type: 'string', default: '50' },
        rows: { type: 'string', default: '1000000' },
        'drain-for': { type: 'string' },
        model: { type: 'string' },
      },
    });
  } catch (error) {
    return wrongUse((error as Error).message);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [name, ...more] = positionals;
  if (values.help || name === undefined) {
    say(USAGE);
    return 0;
  }
  if (more.length > 0) wrongUse(`One proof at a time, not also "${more.join(' ').slice(0, 80)}".`);
  const proof = PROOFS.find((p) => p.name === name);
  if (!proof)
    wrongUse(
      `There is no proof "${name.slice(0, 40)}".${didYouMean(
        name,
        PROOFS.map((p) => p.name),
      )}`,
    );
  const number = (key: 'service' | 'mongodb' | 'redis') => wholeNumber(key, values[key], 0, 100);
  const report = await proof.run({
    files: REAL,
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 1_000_000)
        : wholeNumber('seed', values.seed, 0, 4_294_967_295),
    kills: { service: number('service'), mongodb: number('mongodb'), redis: number('redis') },
    rate: wholeNumber('rate', values.rate, 1, 1_000),
    rows: wholeNumber('rows', values.rows, 1_000, 100_000_000),
    ...(values['drain-for'] === undefined
      ? {}
      : { drainFor: wholeNumber('drain-for', values['drain-for'], 0, 10_000) }),
    ...(values.model === undefined ? {} : { settings: { REDRESS_MODEL: values.model } }),
    keep: values.keep,
    say,
  });
  say(`\n${printed(report)}`);
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return holds(report) ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
process.once('exit', killChildren);

try {
  process.exitCode = await main();
} catch (error) {
  say(isRedressError(error) ? error.message : String((error as Error).stack));
  process.exitCode = 1;
}
