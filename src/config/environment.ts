import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../complaint/nearest.js';
import type { Problem } from './problems.js';
import { SETTING_KEYS, type SettingKey, settingOf } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Found = { readonly text: string; readonly origin: string };

const FILE = '_FILE';
const PREFIX = 'REDRESS_';
const SECRET_BYTES = 65_536;

/** Kubernetes puts these beside a service named redress...; they are not ours and not the operator's slip. */
const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_.+)?)$/.test(name) ||
  /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));

/** An empty variable counts as not set: that is what compose files and CI make of an absent one. */
const given = (env: Environment, name: string): string | undefined => env[name]?.trim() || undefined;

/** REDRESS_* variables that no setting reads. */
export function unknownVariables(env: Environment): Problem[] {
  const known = SETTING_KEYS.flatMap((key) => {
    const { env: name, secret } = settingOf(key);
    return secret ? [name, name + FILE] : [name];
  });
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .filter((name) => given(env, name) !== undefined && !isServiceLink(name, env[name] ?? ''))
    .map((name) => ({
      code: 'unknown_setting',
      where: name,
      problem: `No setting has this variable.${suggestion(name, known)}`,
      fix: 'Correct or unset it; docs/configuration.md lists them all.',
    }));
}

/** Compared without the common prefix, which would make everything look alike; REDRESS_PORT means the one ..._PORT. */
function suggestion(name: string, known: readonly string[]): string {
  const word = name.slice(PREFIX.length);
  const ending = known.filter((k) => k.endsWith(`_${word}`));
  if (ending.length === 1) return ` Did you mean "${ending[0]}"?`;
  const near = nearest(
    word,
    known.filter((k) => k.startsWith(PREFIX)).map((k) => k.slice(PREFIX.length)),
  );
  return near === undefined ? '' : ` Did you mean "${PREFIX}${near}"?`;
}

/** What the environment says about one setting: a value, nothing, or a problem. */
export function fromEnvironment(env: Environment, key: SettingKey, cwd: string): Found | Problem | undefined {
  const { env: name, secret } = settingOf(key);
  const direct = given(env, name);
  const path = secret ? given(env, name + FILE) : undefined;
  if (direct !== undefined && path !== undefined) {
    return {
      code: 'secret_twice',
      where: `${name} and ${name}${FILE}`,
      problem: 'Both are set, and one setting has one place.',
      fix: 'Unset one of them.',
    };
  }
  if (direct !== undefined) return { text: direct, origin: `environment ${name}` };
  return path === undefined ? undefined : readSecret(resolve(cwd, path), name + FILE);
}

/** The file's text without the newline that editors and `echo` put at its end. */
function readSecret(path: string, name: string): Found | Problem {
  const trouble = (problem: string): Problem => ({
    code: 'secret_file',
    where: name,
    problem,
    fix: `Let ${name} name a file that holds the secret and that this user may read.`,
  });
  try {
    if (statSync(path).size > SECRET_BYTES) return trouble(`${path} is too large for a secret.`);
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text.trim() === '' ? trouble(`${path} is empty.`) : { text, origin: `environment ${name}` };
  } catch (error) {
    return trouble(`${path} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
