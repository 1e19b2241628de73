import { statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { z } from 'zod';
import { didYouMean } from './complaint/nearest.js';
import { type Environment, type Found, fromEnvironment, unknownVariables } from './config/environment.js';
import { settingsInFile } from './config/file.js';
import { deepFreeze } from './config/freeze.js';
import { type Problem, raise, sentence } from './config/problems.js';
import { quote } from './config/schemas.js';
import { SETTING_KEYS, type SETTINGS, type SettingKey, settingOf } from './config/settings.js';
import { togetherProblems } from './config/together.js';
import { parseYaml, readText } from './config/yaml.js';
import { configDir as shippedConfigDir } from './paths.js';

type Table = typeof SETTINGS;
type ValueOf<K extends SettingKey> =
  | z.output<Table[K]['schema']>
  | (Table[K] extends { default: string } ? never : undefined);
type Section = SettingKey extends infer K ? (K extends `${infer S}.${string}` ? S : never) : never;
type Leaf<S extends string> = SettingKey extends infer K ? (K extends `${S}.${infer L}` ? L : never) : never;

/** Every setting under its key (`config.http.port`), deep-frozen. Durations are milliseconds; absent = undefined. */
export type Config = {
  readonly [S in Section]: {
    readonly [L in Leaf<S>]: `${S}.${L}` extends SettingKey ? ValueOf<`${S}.${L}`> : never;
  };
} & {
  readonly [K in Exclude<SettingKey, `${string}.${string}`>]: ValueOf<K>;
} & {
  /** Where each value came from: `flag`, `environment NAME`, `config/redress.yaml:12` or `default`. */
  readonly origins: Readonly<Record<SettingKey, string>>;
  /** Folder that redress.yaml was looked for in; sources.yaml and routing.yaml stand beside it. */
  readonly configDir: string;
};

export type ConfigOptions = {
  /** By setting key: `{ 'http.port': '4000' }`; undefined = not given. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly env?: Environment;
  /** Default: config/ beside package.json. */
  readonly configDir?: string;
  /** What relative paths start from. */
  readonly cwd?: string;
};

/** `config/redress.yaml` inside the working folder, else the absolute path. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near.split(sep).join('/');
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Flag, then environment, then redress.yaml, then default. Throws one RedressError (component `config`) that names
 * everything wrong, each with its place and fix; secrets never appear in it.
 */
export function loadConfig(options: ConfigOptions = {}): Config {
  const { flags = {}, env = process.env, cwd = process.cwd() } = options;
  const configDir = resolve(cwd, options.configDir ?? shippedConfigDir);
  if (options.configDir !== undefined && !isFolder(configDir))
    raise([
      {
        code: 'folder_missing',
        where: shownPath(configDir, cwd),
        problem: 'There is no such folder to read the configuration from.',
        fix: 'Correct --config, or leave it out: then the files of the package are read.',
      },
    ]);
  const path = join(configDir, 'redress.yaml');
  const name = shownPath(path, cwd);
  const file = settingsInFile(parseYaml(readText(path, name) ?? '', name));
  const problems = [...unknownFlags(flags), ...unknownVariables(env), ...file.problems];

  const found = new Map<SettingKey, Found>();
  for (const key of SETTING_KEYS) {
    const flag = flags[key];
    const said = fromEnvironment(env, key, cwd);
    if (said !== undefined && 'problem' in said) problems.push(said);
    else if (flag !== undefined) found.set(key, { text: flag, origin: 'flag' });
    else if (said !== undefined) found.set(key, said);
    else if (file.found.has(key)) found.set(key, file.found.get(key) as Found);
  }
  problems.push(...togetherProblems(found));

  const values = {} as Record<string, unknown>;
  for (const key of SETTING_KEYS) put(values, key, readValue(key, found.get(key), problems));
  raise(problems);

  put(values, 'data.dir', resolve(cwd, (values.data as { dir: string }).dir));
  const origins = Object.fromEntries(SETTING_KEYS.map((key) => [key, found.get(key)?.origin ?? 'default']));
  return deepFreeze({ ...values, origins, configDir }) as unknown as Config;
}

function unknownFlags(flags: Readonly<Record<string, unknown>>): Problem[] {
  const unknown = Object.keys(flags).filter((key) => !(SETTING_KEYS as readonly string[]).includes(key));
  return unknown.map((key) => ({
    code: 'unknown_setting',
    where: `flag ${key}`,
    problem: `No setting has this key.${didYouMean(key, SETTING_KEYS)}`,
    fix: 'docs/configuration.md lists them all.',
  }));
}

function readValue(key: SettingKey, found: Found | undefined, problems: Problem[]): unknown {
  const setting = settingOf(key);
  const text = found?.text ?? setting.default;
  if (text === undefined) return undefined;
  const result = setting.schema.safeParse(text);
  if (result.success) return result.data;
  const message = result.error.issues[0]?.message ?? 'does not fit';
  const shown = setting.secret || message.includes(quote(text)) ? '' : ` It is ${quote(text)}.`;
  problems.push({
    code: 'invalid_setting',
    where: found?.origin === 'flag' ? `flag ${key}` : (found?.origin ?? 'default'),
    problem: sentence(`"${key}" ${message}`) + shown,
    fix: `Correct it, or leave it out${setting.default ? ` for the default ${setting.default}` : ''}.`,
  });
  return undefined;
}

function put(values: Record<string, unknown>, key: string, value: unknown): void {
  const [first = '', second] = key.split('.');
  if (second === undefined) values[first] = value;
  else values[first] = { ...(values[first] as object | undefined), [second]: value };
}

/** One line of `redress config`. */
export type ConfigRow = {
  readonly key: SettingKey;
  /** As it would be written; '' = not set; `***` for a secret that is set. */
  readonly value: string;
  readonly origin: string;
  readonly description: string;
};

/** Every setting with the value in effect and where it came from; secrets are masked whole. */
export function describeConfig(config: Config): ConfigRow[] {
  return SETTING_KEYS.map((key) => {
    const { secret, show = String, description } = settingOf(key);
    const [first = '', second] = key.split('.');
    const part = (config as unknown as Record<string, Record<string, unknown>>)[first];
    const value = second === undefined ? part : part?.[second];
    const text = value === undefined ? '' : secret ? '***' : (show as (v: unknown) => string)(value);
    return { key, value: text, origin: config.origins[key], description };
  });
}
