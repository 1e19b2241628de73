import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, as an opaque word: equal pid and equal word mean the same process, so a recycled pid (or the
 * same pid after a reboot or in another container) is not taken for an old owner. Undefined: no such process.
 */
export function startTimeOf(pid: number): string | undefined {
  if (!isPid(pid)) return undefined;
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name and may hold spaces and brackets: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined; // dead, only not yet reaped by its parent
    return `${bootId()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Program and arguments of a living process, separated by spaces; empty if there is none. */
export function commandLineOf(pid: number): string {
  if (startTimeOf(pid) === undefined) return '';
  if (process.platform !== 'linux') return ps(pid, 'command=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const isPid = (pid: number) => Number.isSafeInteger(pid) && pid > 0;

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const out = execFileSync('ps', ['-ww', '-o', column, '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return out.toString().trim() || undefined;
  } catch {
    return undefined;
  }
}
