import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedressError } from '../../src/complaint/errors.js';

export type Child = {
  readonly pid: number;
  readonly alive: () => boolean;
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** What it wrote on standard output so far. */
  readonly output: () => string;
  /** Resolves with the match once its output (both streams) fits; rejects if it ends before or `limitMs` pass. */
  says(pattern: RegExp, limitMs: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
};

const living = new Set<ChildProcess>();

/** For the end of this process, whatever the reason: its children must not outlive it. */
export function killChildren(): void {
  for (const child of living) child.kill('SIGKILL');
}

const trouble = (code: string, problem: string, log: string): RedressError =>
  new RedressError('proof', code, problem, `What it said: ${log}`);

/** Starts a compiled script of this project as a process of its own; both its streams go to `log` too. */
export function startChild(
  script: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly log: string },
): Child {
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const file = createWriteStream(options.log, { flags: 'a' });
  let output = '';
  let all = '';
  const waiting = new Set<() => void>();
  for (const [stream, isOutput] of [
    [child.stdout, true],
    [child.stderr, false],
  ] as const)
    stream.setEncoding('utf8').on('data', (text: string) => {
      file.write(text);
      if (isOutput) output += text;
      if (waiting.size > 0 || all.length < 65_536) all = (all + text).slice(-65_536);
      for (const look of waiting) look();
    });
  // `close` comes after the last output; a grandchild that keeps a stream open must not hide the end.
  const exited = once(child, 'exit').then(async ([code, signal]) => {
    await Promise.race([once(child, 'close'), sleep(1_000)]);
    living.delete(child);
    file.end();
    return (signal ?? code) as number | NodeJS.Signals;
  });
  exited.catch(() => {}); // a spawn that failed: whoever waits sees it
  let ended = false;
  void exited.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  return {
    pid: child.pid ?? -1,
    alive: () => !ended && child.exitCode === null && child.signalCode === null,
    exited,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    async says(pattern, limitMs) {
      let look = () => {};
      const limit = new AbortController();
      const found = new Promise<RegExpExecArray>((resolve) => {
        look = () => {
          const match = pattern.exec(all);
          if (match) resolve(match);
        };
        waiting.add(look);
        look();
      });
      try {
        return await Promise.race([
          found,
          exited.then((how): never => {
            throw trouble(
              'ended_early',
              `A process ended (${how}) before it said ${String(pattern)}.`,
              options.log,
            );
          }),
          sleep(limitMs, undefined, { signal: limit.signal }).then((): never => {
            throw trouble(
              'silent',
              `A process did not say ${String(pattern)} in ${limitMs} ms.`,
              options.log,
            );
          }),
        ]);
      } finally {
        limit.abort();
        waiting.delete(look);
      }
    },
  };
}
