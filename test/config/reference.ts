import { SETTING_KEYS, settingOf } from '../../src/config/settings.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** The table of settings in docs/configuration.md, between its two markers. */
export function settingsTable(): string {
  const rows = SETTING_KEYS.map((key) => {
    const { env, secret, description, ...rest } = settingOf(key);
    const name = secret ? `\`${env}\` or \`${env}_FILE\`` : `\`${env}\``;
    const value = rest.default ? `\`${rest.default}\`` : 'not set';
    return `| \`${key}\` | ${name} | ${value} | ${cell(description)} |`;
  });
  return ['| setting | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** The part of config/redress.yaml under its heading: every setting, commented out, with its default or an example. */
export function settingsYaml(): string {
  const lines: string[] = [];
  let section = '';
  for (const key of SETTING_KEYS) {
    const [first = '', name] = key.split('.');
    const indent = name === undefined ? '' : '  ';
    if (first !== section) lines.push('', ...(name === undefined ? [] : [`# ${first}:`]));
    section = first;
    const { env, secret, description, example, ...rest } = settingOf(key);
    const variable = secret ? `${env} or ${env}_FILE` : env;
    lines.push(`# ${indent}# ${description}`, `# ${indent}# Environment: ${variable}.`);
    const written = (value: string) =>
      `${name ?? first}: ${/^[{<]|[#:] |, /.test(value) ? JSON.stringify(value) : value}`;
    lines.push(
      rest.default
        ? `# ${indent}${written(rest.default)}`
        : `# ${indent}# Not set by default. Example:\n# ${indent}# ${written(example ?? '')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
