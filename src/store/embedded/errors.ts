import { RedressError } from '../../complaint/errors.js';

export const COMPONENT = 'embedded-engines';

/** The way that is always open: servers of the operator's own. */
export const OWN_SERVERS = 'set MONGODB_URI and REDIS_URL to servers of your own';

/** Codes are part of the interface: the command line and `redress doctor` go by them. */
export type EngineErrorCode =
  | 'unsupported_platform'
  | 'package_missing'
  | 'redis_missing'
  | 'engine_unfixable'
  | 'data_dir_not_a_folder'
  | 'data_dir_read_only'
  | 'data_dir_other_user'
  | 'data_dir_noexec'
  | 'data_dir_unusable'
  | 'disk_full'
  | 'already_running'
  | 'data_dir_locked'
  | 'leftover_engine'
  | 'no_socket_folder'
  | 'engine_failed'
  | 'wrong_thread';

export function engineError(
  code: EngineErrorCode,
  problem: string,
  fix: string,
  cause?: unknown,
): RedressError {
  return new RedressError(COMPONENT, code, problem, fix, cause === undefined ? undefined : { cause });
}

export function alreadyRunning(dataDir: string, ownerPid: number): RedressError {
  const who = ownerPid === process.pid ? `this process (${ownerPid})` : `process ${ownerPid}`;
  return engineError(
    'already_running',
    `${dataDir} is in use by ${who}.`,
    `Stop that process first (kill ${ownerPid}), or give this one another data folder, or ${OWN_SERVERS}.`,
  );
}

/** The system's word for a failure (`EACCES`), whatever realm the error comes from. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
}
