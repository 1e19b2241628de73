import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../../complaint/nearest.js';
import { SETTING_KEYS, type SettingKey, settingOf } from '../../config/settings.js';

export type Flags = Readonly<Partial<Record<SettingKey, string>>>;
/** Options that every command takes. */
export type Globals = { readonly set?: Flags; readonly config?: string; readonly data?: string };

/** A value for a setting, checked at once; commander's message shows it, so secrets are left to the configuration. */
export const settingValue =
  (key: SettingKey) =>
  (text: string): string => {
    const { secret, schema } = settingOf(key);
    const result = schema.safeParse(text);
    if (!secret && !result.success)
      throw new InvalidArgumentError(`${key} ${result.error.issues[0]?.message ?? 'does not fit'}.`);
    return text;
  };

function keyAndValue(text: string, before: Flags = {}): Flags {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as key=value, e.g. http.port=4000.');
  const key = text.slice(0, at).trim();
  if (!(SETTING_KEYS as readonly string[]).includes(key))
    throw new InvalidArgumentError(
      `No setting has this key.${didYouMean(key, SETTING_KEYS)} \`redress config\` lists them.`,
    );
  return { ...before, [key]: settingValue(key as SettingKey)(text.slice(at + 1)) };
}

export function globalOptions(program: Command): Command {
  return program
    .option(
      '--set <key=value>',
      'a setting, e.g. http.port=4000; may be repeated (`redress config` lists them)',
      keyAndValue,
    )
    .option('--config <dir>', 'folder of redress.yaml, sources.yaml and routing.yaml')
    .option('--data <dir>', 'data folder, as --set data.dir=<dir>', settingValue('data.dir'));
}

/** A whole number from 1 to `most`. */
export const wholeUpTo =
  (most: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!/^\d{1,9}$/.test(text) || n < 1 || n > most)
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return n;
  };
