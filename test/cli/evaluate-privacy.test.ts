import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { PrivacyReport } from '../../src/governance/privacy/evaluate.js';
import { packageRoot } from '../../src/paths.js';
import { cleanUp, inProcess, temporaryFolder } from './support/run.js';

afterAll(cleanUp);

describe('redress evaluate --privacy', () => {
  it('measures both sets of the project, and docs/privacy.md says what it finds in the blind one', async () => {
    const { code, out } = await inProcess('evaluate', '--privacy', '--json');
    expect(code).toBe(0);
    const { 'messages.jsonl': first, 'blind.jsonl': blind } = JSON.parse(out) as Record<
      string,
      PrivacyReport
    >;
    expect([first?.messages, blind?.messages]).toEqual([400, 100]);
    const page = readFileSync(join(packageRoot, 'docs/privacy.md'), 'utf8');
    for (const type of ['PHONE', 'EMAIL', 'NAME', 'ADDRESS'] as const) {
      const { value = 0, of = 0 } = blind?.types[type]?.covered ?? {};
      expect(page).toMatch(new RegExp(`${(value * 100).toFixed(1).replace('100.0', '100')} % of ${of} \\(`));
    }
    expect(page).toContain(
      `${((blind?.all.covered.value ?? 0) * 100).toFixed(1)} % of ${blind?.all.covered.of}`,
    );
  });

  it('measures a file of your own, by id and never by word', async () => {
    const file = join(temporaryFolder(), 'own.jsonl');
    writeFileSync(
      file,
      '{"id":"a","text":"call ⟦PHONE|08035550101⟧"}\n{"id":"b","text":"it is ⟦NAME|Zubairu⟧ here"}\n',
    );
    const { code, err } = await inProcess('evaluate', '--privacy', '--data', file);
    expect(code).toBe(0);
    expect(err).toContain('Left in the text: b NAME');
    expect(err).not.toContain('Zubairu');
  });

  it('names what a file lacks', async () => {
    const file = join(temporaryFolder(), 'bad.jsonl');
    writeFileSync(file, '{"id":"a","text":"⟦FONE|1⟧"}\n');
    const { code, err } = await inProcess('evaluate', '--privacy', '--data', file);
    expect(code).toBe(1);
    expect(err).toContain('FONE');
    expect(err).toContain('GUIDELINES.md');
  });
});
