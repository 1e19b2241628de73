import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { packageVersion } from '../src/paths.js';

/** What the numbers were taken on. */
export type Facts = {
  readonly date: string;
  readonly redress: string;
  readonly node: string;
  readonly system: string;
  /** `musl or none` where Node knows of no glibc. */
  readonly glibc: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  /** Of the last minute, when the run began: what else used the cores. */
  readonly loadBefore: number;
};

export function machineFacts(now: Date): Facts {
  return {
    date: now.toISOString().slice(0, 16).replace('T', ' '),
    redress: packageVersion,
    node: process.version,
    system: `${type()} ${release()} ${process.arch}`,
    glibc: glibcVersion(),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: Math.round((loadavg()[0] as number) * 100) / 100,
  };
}

function glibcVersion(): string {
  try {
    // In a process of its own: the report looks at every open handle of the one that asks for it.
    const code =
      'process.report.excludeNetwork=true;console.log(process.report.getReport().header.glibcVersionRuntime??"")';
    return execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim() || 'musl or none';
  } catch {
    return 'unknown';
  }
}
