import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { startTimeOf } from '../store/embedded/process-identity.js';
import type { Owner } from './run.js';

/** Process numbers are the same thing only within one machine, and there within one container. */
function thisPlace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

export const thisProcess = (): Owner => ({
  place: thisPlace(),
  pid: process.pid,
  began: startTimeOf(process.pid) ?? '',
});

/** Whether that process lives; of another machine only its silence tells. */
export function lifeOf(owner: Owner | undefined): 'here' | 'alive' | 'gone' | 'unknown' {
  if (!owner || owner.place !== thisPlace()) return 'unknown';
  const lives = owner.began !== '' && startTimeOf(owner.pid) === owner.began;
  if (!lives) return 'gone';
  return owner.pid === process.pid ? 'here' : 'alive';
}
