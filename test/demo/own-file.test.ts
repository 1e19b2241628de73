import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { guessOwnFile } from '../../demo/own-file.js';

const folder = mkdtempSync(join(tmpdir(), 'redress-own-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of the user', () => {
  const guess = (bytes: Buffer) => {
    writeFileSync(join(folder, 'calls.csv'), bytes);
    return guessOwnFile('calls.csv', folder);
  };
  const rows = (word: string) =>
    Array.from(
      { length: 30 },
      (_, i) => `${i},"No network since ${i} days, ${word} the bill is wrong"\n`,
    ).join('');

  it('is read in the encoding that an import would find', () => {
    const head = '\x80 id,\x93complaint\x94\n';
    const old = guess(Buffer.from(head + rows('caf\xe9'), 'latin1'));
    expect(old).toMatchObject({
      encoding: 'windows-1252',
      columns: [{ field: 'text', column: '“complaint”' }],
    });
    const emoji = Buffer.from('31,never again 😡');
    for (const cut of [1, 2, 3]) {
      const bytes = Buffer.concat([Buffer.from(`id,complaint\n${rows('café')}`), emoji.subarray(0, -cut)]);
      expect(guess(bytes)).toMatchObject({
        encoding: 'utf-8',
        columns: [{ field: 'text', column: 'complaint' }],
      });
    }
  });
});
