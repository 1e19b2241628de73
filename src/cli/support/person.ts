import { userInfo } from 'node:os';

/** Who runs the command, for the audit: `cli:` and the name of the system's user, or its number where it has none. */
export function person(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:${process.getuid?.() ?? 'unknown'}`; // a container's user that /etc/passwd does not know
  }
}
