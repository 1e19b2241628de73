import { didYouMean } from '../complaint/nearest.js';
import type { Found } from './environment.js';
import type { Problem } from './problems.js';
import { SETTING_KEYS, type SettingKey, settingOf } from './settings.js';
import type { YamlFile } from './yaml.js';

type Read = { readonly found: ReadonlyMap<SettingKey, Found>; readonly problems: readonly Problem[] };

const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isKey = (key: string): key is SettingKey => (SETTING_KEYS as readonly string[]).includes(key);
const isSection = (key: string): boolean => SETTING_KEYS.some((k) => k.startsWith(`${key}.`));

/** What redress.yaml says: sections of settings, each value still text. */
export function settingsInFile(yaml: YamlFile): Read {
  const found = new Map<SettingKey, Found>();
  const problems: Problem[] = [];
  const trouble = (path: readonly string[], code: string, problem: string, fix: string) =>
    problems.push({ code, where: yaml.at(path), problem, fix });

  const unknown = (path: readonly string[]): void => {
    const key = path.join('.');
    const sections = SETTING_KEYS.map((k) => k.split('.')[0] as string);
    const near = didYouMean(key, path.length === 1 ? [...new Set(sections)] : SETTING_KEYS);
    trouble(
      path,
      'unknown_setting',
      `"${key}" is not a setting.${near}`,
      'docs/configuration.md lists them all.',
    );
  };

  const take = (path: readonly string[], key: SettingKey, value: unknown): void => {
    const items = settingOf(key).list && Array.isArray(value) ? value : [value];
    const text = items.every((item) => typeof item === 'string') ? items.join(',') : undefined;
    if (text === undefined) {
      const words = settingOf(key).list ? 'a list of values' : 'one value';
      trouble(path, 'invalid_setting', `"${key}" takes ${words}.`, 'Correct the line.');
    } else if (text.trim() === '' && !Array.isArray(value)) {
      const fix = 'Write a value (in quotation marks if it begins with #), or put # before the line.';
      trouble(path, 'invalid_setting', `"${key}" has no value.`, fix);
    } else {
      found.set(key, { text, origin: yaml.at(path) });
    }
  };

  const walk = (block: Record<string, unknown>, above: readonly string[]): void => {
    for (const [name, value] of Object.entries(block)) {
      const path = [...above, name];
      const key = path.join('.');
      if (name.includes('.')) {
        const [section, setting] = name.split('.');
        const fix = `Write "${section}:" and under it, indented, "${setting}:".`;
        trouble(path, 'unknown_setting', `"${name}" is no key: sections are blocks here.`, fix);
      } else if (isKey(key)) take(path, key, value);
      else if (above.length > 0 || !isSection(name)) unknown(path);
      else if (isBlock(value)) walk(value, path);
      // A section whose every line is still commented out says nothing.
      else if (value !== '')
        trouble(path, 'invalid_setting', `"${name}" is a section.`, 'Indent its settings.');
    }
  };
  if (isBlock(yaml.value)) walk(yaml.value, []);
  else
    trouble([], 'invalid_setting', 'The file holds no sections.', 'Write `section:` and indented settings.');
  return { found, problems };
}
