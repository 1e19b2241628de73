import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../src/complaint/limits.js';
import { QUARANTINE_REASONS, REFUSAL_REASONS } from '../src/complaint/reasons.js';
import { EVENTS } from '../src/log.js';
import { ALARMS } from '../src/operations/alarms.js';
import { CHECKS } from '../src/operations/ledger/balance.js';
import { packageRoot } from '../src/paths.js';
import { QUEUES } from '../src/queue/catalogue.js';
import { INDEXES } from '../src/store/indexes.js';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

/** Table rows whose first cell is `` `key` ``. */
const rowsOf = (page: string): Map<string, string> =>
  new Map(
    [...read(page).matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map((m) => [m[1] as string, m[2] as string]),
  );

describe('docs', () => {
  it('limits.md has every limit with its value', () => {
    const rows = rowsOf('docs/limits.md');
    for (const [name, { value, unit, why }] of Object.entries(LIMITS))
      expect(rows.get(name)).toBe(`${value} ${unit} | ${why}`);
    expect(rows.size).toBe(Object.keys(LIMITS).length);
  });

  it('quarantine.md has every reason with what to do', () => {
    const rows = rowsOf('docs/quarantine.md');
    for (const code of Object.keys({ ...QUARANTINE_REASONS, ...REFUSAL_REASONS }))
      expect([code, rows.has(code)]).toEqual([code, true]);
    for (const [code, words] of Object.entries(QUARANTINE_REASONS))
      expect(read('docs/quarantine.md')).toContain(`| \`${code}\` | ${words} |`);
  });

  it('operations.md has every queue, ledger check, alarm, log event and index', () => {
    const page = read('docs/operations.md');
    for (const [name, { why, concurrency }] of Object.entries(QUEUES))
      expect(page).toContain(`| \`${name}\` | ${why} | ${concurrency} |`);
    for (const [name, words] of Object.entries(CHECKS)) expect(page).toContain(`| \`${name}\` | ${words} |`);
    for (const [name, { severity, fix }] of Object.entries(ALARMS))
      expect(page).toContain(`| \`${name}\` | ${severity} | ${fix} |`);
    const rows = rowsOf('docs/operations.md');
    for (const event of EVENTS) expect([event, rows.has(event)]).toEqual([event, true]);
    for (const { collection, key, why } of INDEXES)
      expect(page).toContain(`| ${collection} | \`${JSON.stringify(key)}\` | ${why} |`);
  });

  it('log events are all used, and only these', () => {
    const sources = ['src', 'workers', 'routes'].flatMap((f) => filesUnder(join(packageRoot, f), '.ts'));
    const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
    for (const event of EVENTS) expect([event, code.split(`'${event}'`).length > 2]).toEqual([event, true]);
  });

  it('every link between pages leads somewhere', () => {
    const pages = [
      'README.md',
      ...filesUnder(join(packageRoot, 'docs'), '.md').map((p) => relative(packageRoot, p)),
    ];
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((m) => m[1] as string)
        .filter((target) => !existsSync(join(packageRoot, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('every top folder has a README', () => {
    const folders = readdirSync(packageRoot).filter(
      (name) =>
        !name.startsWith('.') &&
        !['node_modules', 'dist', 'data', 'coverage', 'docs'].includes(name) &&
        statSync(join(packageRoot, name)).isDirectory(),
    );
    for (const folder of folders)
      expect([folder, existsSync(join(packageRoot, folder, 'README.md'))]).toEqual([folder, true]);
  });
});

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'node_modules' ? [] : filesUnder(path, ending);
    return path.endsWith(ending) ? [path] : [];
  });
}
