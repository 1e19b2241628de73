import type { ChildProcess } from 'node:child_process';

export type EngineName = 'mongodb' | 'redis';

export type Exit = {
  /** Exit code 0. */
  readonly clean: boolean;
  /** `exit code 1`, `SIGKILL`, ...; never an engine's own log lines, which can hold data. */
  readonly detail: string;
};

/** One life of an engine. */
export type EngineProcess = {
  readonly pid: number | undefined;
  /** Resolves when the engine answers; rejects with a RedressError or Error if it ends or fails before. */
  readonly ready: Promise<void>;
  readonly exited: Promise<Exit>;
  /** Asks for a clean end. */
  close(): void;
  kill(): void;
};

/** Resolves for every way a child can end, not being started at all included. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ clean: false, detail: error.message });
    });
    child.once('exit', (code, signal) =>
      resolve({ clean: code === 0, detail: signal ?? `exit code ${code}` }),
    );
  });
}
