import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { SETTING_KEYS, settingOf } from '../../src/config/settings.js';
import { configDir, packageRoot } from '../../src/paths.js';
import { withFolder } from './folder.js';
import { settingsTable, settingsYaml } from './reference.js';

const yaml = readFileSync(join(configDir, 'redress.yaml'), 'utf8');
const page = readFileSync(join(packageRoot, 'docs', 'configuration.md'), 'utf8');

// Red here: run `node dist/test/config/write-reference.js` and commit what it writes.
describe('docs/configuration.md and config/redress.yaml', () => {
  it('hold what the table of settings says', () => {
    expect(page).toContain(settingsTable());
    expect(yaml.endsWith(settingsYaml())).toBe(true);
  });

  it('name every setting with its variable and default', () => {
    for (const key of SETTING_KEYS) {
      const { env, ...setting } = settingOf(key);
      const row = page.split('\n').find((line) => line.startsWith(`| \`${key}\` |`));
      expect(row).toContain(`\`${env}\``);
      expect(row).toContain(setting.default ? `\`${setting.default}\`` : 'not set');
      expect(yaml).toContain(`Environment: ${env}`);
    }
  });

  it('says nothing as it is, and the defaults when uncommented', () => {
    const heading = yaml.length - settingsYaml().length;
    const bare = yaml.slice(heading).replace(/^# /gm, '');
    const load = (text: string) =>
      withFolder({ 'redress.yaml': text }, (folder) => loadConfig({ env: {}, configDir: folder, cwd: '/' }));
    const { origins, configDir: _, ...defaults } = load(yaml);
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
    expect(load(bare)).toMatchObject(defaults);
  });
});

it('every setting has its own variable', () => {
  const names = SETTING_KEYS.map((key) => settingOf(key).env);
  expect(new Set(names).size).toBe(names.length);
});
