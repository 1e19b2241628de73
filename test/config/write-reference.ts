/** Writes the generated parts of config/redress.yaml and docs/configuration.md anew: `node dist/test/config/write-reference.js`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDir, packageRoot } from '../../src/paths.js';
import { settingsTable, settingsYaml } from './reference.js';

const yaml = join(configDir, 'redress.yaml');
const heading = /^(#.*\n)+/.exec(readFileSync(yaml, 'utf8'))?.[0] ?? '';
writeFileSync(yaml, heading + settingsYaml());

const page = join(packageRoot, 'docs', 'configuration.md');
const between = /(<!-- settings -->\n)[\s\S]*(<!-- end of settings -->)/;
const fresh = readFileSync(page, 'utf8').replace(
  between,
  (_, a: string, b: string) => `${a}${settingsTable()}\n${b}`,
);
writeFileSync(page, fresh);
