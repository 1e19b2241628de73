import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let ticks: number | undefined;

/** Clock ticks a second in which /proc counts, nearly always 100. */
const ticksPerSecond = (): number => {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
};

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (process.platform === 'linux') throw error;
    throw new Error(
      'bench: CPU time and memory of another process are read from /proc, which only Linux has',
    );
  }
}

/** CPU time a process has used so far, all its threads, user and system, µs; in steps of a clock tick (10 ms). */
export function cpuMicrosOf(pid: number): number {
  const stat = procFile(pid, 'stat');
  // The name of the process stands in brackets and may hold anything; fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond()) * 1e6;
}

/** Memory of a process in RAM now, MiB. */
export function rssMiBOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(procFile(pid, 'status'))?.[1];
  return Number(kib ?? 0) / 1_024;
}
