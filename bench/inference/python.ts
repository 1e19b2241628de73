import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { packageRoot } from '../../src/paths.js';
import { bareEnvironment } from '../process/rpc.js';

const Line = z.union([
  z.object({ ready: z.string() }),
  z.object({ missing: z.string() }),
  z.object({ texts_per_s: z.number().positive(), labels: z.array(z.string()).nullable() }),
]);
type Line = z.infer<typeof Line>;

export type Python = {
  /** Packages and their versions. */
  readonly about: string;
  /** Labels the texts once, in one thread. Throws what the process said if it ends. */
  label(texts: readonly string[]): Promise<{ rate: number; labels: readonly string[] | null }>;
  close(): Promise<void>;
};

const SCRIPT = join(packageRoot, 'bench', 'rivals', 'inference.py');

/** Starts bench/rivals/inference.py and waits until it can label; or why there is no such rival here. */
export async function startPython(
  python: string,
  args: readonly string[],
): Promise<Python | { readonly missing: string }> {
  const child = spawn(python, [SCRIPT, ...args], { env: bareEnvironment(), stdio: 'pipe' });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  child.stdin.on('error', () => {}); // it has ended, which the next line tells
  let failure: string | undefined;
  child.on('error', (e) => {
    failure = e.message;
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Line | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : Line.parse(JSON.parse(value));
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };

  const first = await next();
  if (first && 'ready' in first)
    return {
      about: first.ready,
      label: async (texts) => {
        child.stdin.write(`${texts.map((text) => JSON.stringify(text)).join('\n')}\n\n`);
        const line = await next();
        if (!line || !('texts_per_s' in line)) throw new Error(`bench: ${python} ended: ${said}`);
        if (line.labels && line.labels.length !== texts.length)
          throw new Error(`bench: ${python} gave ${line.labels.length} labels for ${texts.length} texts`);
        return { rate: line.texts_per_s, labels: line.labels };
      },
      close,
    };
  await close();
  if (first && 'missing' in first) return first;
  if (failure !== undefined) return { missing: failure };
  throw new Error(`bench: ${python} ${args[0]} ended before it was ready: ${said}`);
}
