import { accept } from './benches/accept.js';
import { cpu } from './benches/cpu.js';
import { files } from './benches/files.js';
import { inference } from './benches/inference.js';
import { memory } from './benches/memory.js';
import { start } from './benches/start.js';
import { steps } from './benches/steps.js';
import { transformer } from './benches/transformer.js';
import { machineFacts } from './facts.js';
import type { Outcome } from './harness.js';
import { parseOptions, usage } from './options.js';
import { factsLine, sectionOf } from './print.js';

const BENCHES = [accept, files, cpu, steps, start, memory, inference, transformer];
const names = BENCHES.map((b) => b.name);
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const { json, help, rounds, scale, only } = parseOptions(process.argv.slice(2), names);
  if (help) return void process.stdout.write(usage(names));
  const facts = machineFacts(new Date());
  if (!json) process.stdout.write(`${factsLine(facts, rounds, scale)}\n\n`);
  const results: ({ name: string; what: string } & Outcome)[] = [];
  for (const bench of BENCHES.filter((b) => only.includes(b.name))) {
    const { name, what } = bench;
    const outcome = await bench.run({ rounds, scale, say: (text) => say(`${name}: ${text}`) });
    results.push({ name, what, ...outcome });
    if (!json) process.stdout.write(`${sectionOf(bench, outcome)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ facts, rounds, scale, benches: results }, null, 2)}\n`);
}

await main().catch((error: Error & { code?: string }) => {
  const forPeople = error.code?.startsWith('ERR_PARSE_ARGS') || error.message.startsWith('--');
  say(forPeople ? `${error.message}\n\n${usage(names)}` : (error.stack ?? error.message));
  process.exitCode = forPeople ? 2 : 1;
});
