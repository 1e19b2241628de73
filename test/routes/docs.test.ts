import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../routes/problem.js';
import { LIMITS } from '../../src/complaint/limits.js';
import { packageRoot } from '../../src/paths.js';

const page = readFileSync(join(packageRoot, 'docs/api.md'), 'utf8');

describe('docs/api.md', () => {
  it('lists every problem with its status, and no other', () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(
      ([, code, status]) => `${code} ${status}`,
    );
    expect(listed.sort()).toEqual(
      Object.entries(PROBLEMS)
        .map(([code, { status }]) => `${code} ${status}`)
        .sort(),
    );
  });

  it('names the limits as they are', () => {
    expect(page).toContain(`at most ${LIMITS.batchItems.value.toLocaleString('en')} items and 5 MiB`);
    expect(LIMITS.batchBytes.value).toBe(5 * 1024 ** 2);
    expect(page).toContain(`at most ${LIMITS.idChars.value} characters`);
    expect(page).toContain(`(1 to ${LIMITS.pageItems.value}, default 50)`);
  });
});
