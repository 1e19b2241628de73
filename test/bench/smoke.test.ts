import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseOptions } from '../../bench/options.js';

const ENTRY = fileURLToPath(new URL('../../bench/index.js', import.meta.url));

const Spread = z
  .object({ median: z.number(), min: z.number(), max: z.number() })
  .refine(({ median, min, max }) => min <= median && median <= max);
const Printed = z.object({
  facts: z.object({ cores: z.int().positive(), node: z.literal(process.version), glibc: z.string().min(1) }),
  rounds: z.literal(1),
  scale: z.literal(0.004),
  benches: z.array(
    z.object({
      name: z.string(),
      rows: z.array(
        z.object({
          name: z.string().min(1),
          unit: z.string().min(1),
          ours: Spread,
          rival: Spread.and(z.object({ name: z.string().min(1) })),
          // CPU time of few records may be under one clock tick: then there is no ratio, and JSON says null.
          ratio: z.object({ median: z.number().nullable() }),
        }),
      ),
      notes: z.array(z.string().min(1)).min(1),
    }),
  ),
});

const ROWS = { accept: 10, files: 4, cpu: 12, steps: 12, start: 5, memory: 9, inference: 4, transformer: 10 };

describe('npm run bench', () => {
  // Nine starts of the whole service: the longest test there is.
  it('measures every bench and prints the numbers', async () => {
    const args = [ENTRY, '--json', '--rounds', '1', '--scale', '0.004'];
    // What Python has here must not decide how many rows there are.
    const env = { ...process.env, REDRESS_BENCH_PYTHON: 'none' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const { benches } = Printed.parse(JSON.parse(stdout));
    expect(Object.fromEntries(benches.map(({ name, rows }) => [name, rows.length]))).toEqual(ROWS);
    const rates = benches.flatMap((b) => b.rows.filter((r) => r.unit.endsWith('/s') && r.unit !== 'ms/s'));
    for (const { ours, rival } of rates) expect(Math.min(ours.min, rival.min)).toBeGreaterThan(0);
  }, 300_000);

  it('says what is wrong with its options', () => {
    const wrong =
      (...args: string[]) =>
      () =>
        parseOptions(args, ['accept', 'cpu']);
    expect(wrong('--only', 'acept')).toThrow('--only acept: there is no such bench; there are accept, cpu');
    expect(wrong('--rounds', '0')).toThrow('--rounds 0: must be from 1 to 99');
    expect(wrong('--rounds', '1.5')).toThrow('--rounds 1.5: must be a whole number');
    expect(wrong('--scale', '')).toThrow('--scale : must be from');
    expect(wrong('--fast')).toThrow("'--fast'");
  });
});
