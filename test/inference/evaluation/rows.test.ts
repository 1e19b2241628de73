import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLabelled } from '../../../src/inference/evaluation/rows.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function labelled(name: string, content: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, content);
  return readLabelled(path);
}

const LABELS = { category: 'network', sentiment: 'negative', complaint: 'y', urgency: 'normal' };
const json = (text: string): string => JSON.stringify({ text, ...LABELS });
const HEADINGS = 'text,category,sentiment,complaint,urgency';
const csv = (text: string): string => `${text},network,negative,y,normal`;

describe('labelled messages', () => {
  it('are told by line in JSON Lines and by row in a CSV, blank lines counted and passed over', async () => {
    const lines = await labelled('a.jsonl', `\ufeff${json('one')}\r\n\r\n${json('two')}\n`);
    expect(lines.rows.map(({ text, at }) => [text, at])).toEqual([
      ['one', 'a.jsonl:1'],
      ['two', 'a.jsonl:3'],
    ]);
    const rows = await labelled(
      'a.CSV',
      `\ufeff${HEADINGS}\r\n${csv('"say ""no"",\r\nnow"')}\r\n${csv('two')}\r\n`,
    );
    expect(rows.rows.map(({ text, at }) => [text, at])).toEqual([
      ['say "no",\r\nnow', 'a.CSV:1'],
      ['two', 'a.CSV:2'],
    ]);
  });

  it.each([
    ['half.jsonl', `${json('one')}\n\n${json('secret words').slice(0, -9)}`, 'half.jsonl, line 3 is no JSON'],
    [
      'stray.csv',
      `${HEADINGS}\n${csv('one')}\n${csv('secret "words')}\n`,
      'stray.csv, line 3: a quote stands in the middle',
    ],
    [
      'after.csv',
      `${HEADINGS}\n${csv('"secret" words')}\n`,
      'after.csv, line 2: something follows the closing quote',
    ],
    [
      'open.csv',
      `${HEADINGS}\n${csv('one')}\n${csv('"secret words')}\n`,
      'open.csv, a quote that opens after row 1',
    ],
    [
      'more.csv',
      `${HEADINGS}\n${csv('secret, words')}\n`,
      'more.csv, line 2: the row has more or fewer cells',
    ],
    [
      'latin.csv',
      Buffer.from(`${HEADINGS}\n${csv('secret')}\n${csv('caf\xe9')}\n`, 'latin1'),
      'latin.csv, line 3 is not UTF-8',
    ],
    [
      'wide.jsonl',
      Buffer.from(`\ufeff${json('secret words')}`, 'utf16le'),
      'wide.jsonl, line 1 is not UTF-8',
    ],
  ])('%s is refused with its line and no word of it', async (name, content, words) => {
    const error = await labelled(name, content).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'RedressError', component: 'evaluation' });
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toContain('secret');
  });
});
