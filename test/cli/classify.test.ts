import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cleanUp, inProcess, temporaryFolder } from './support/run.js';

afterAll(cleanUp);

const file = (content: string, name = 'texts.txt'): string => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
};
const answers = (out: string) =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('redress classify', () => {
  it('labels plain lines and NDJSON, in order, ids kept, empty lines passed over', async () => {
    const lines = [
      'You deducted my airtime, refund my money now',
      '',
      '{"id": "t-1", "text": "no network in Ikeja since morning"}',
      '{"id": 7, "text": "😡"}',
      'x'.repeat(1_000_000),
    ];
    const { code, out } = await inProcess('classify', file(lines.join('\r\n')), '--explain');
    expect(code).toBe(0);
    const said = answers(out);
    expect(said.map((a) => a.id)).toEqual([undefined, 't-1', '7', undefined]);
    expect(said[0]).toMatchObject({ category: 'billing', negative: true });
    expect(said[0].evidence.length).toBeGreaterThan(0);
    for (const a of said) expect(Object.keys(a.confidence)).toContain('category');
  });

  it('answers more lines than are labelled at once, each once', async () => {
    const many = Array.from({ length: 600 }, (_, i) =>
      JSON.stringify({ id: String(i), text: `no network ${i}` }),
    );
    const { out } = await inProcess('classify', file(many.join('\n')));
    expect(answers(out).map((a) => a.id)).toEqual(many.map((_, i) => String(i)));
  });

  it.each([
    ['{"text": "half', 'Line 2 is no JSON'],
    ['{"txt": "a"}', 'Line 2 has no string "text"'],
    ['{"text": "a", "id": {}}', 'Line 2 has an "id" that is no string'],
  ])('names the line that is no NDJSON: %s', async (line, words) => {
    const { code, err } = await inProcess('classify', file(`fine\n${line}\n`));
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  it('names a file and a model that are not there', async () => {
    const noFile = await inProcess('classify', '/nowhere/texts.txt');
    expect(noFile.code).toBe(1);
    expect(noFile.err).toContain("/nowhere/texts.txt can't be read (ENOENT)");
    const noModel = await inProcess('classify', file('a'), '--model', 'gpt-9');
    expect(noModel.code).toBe(1);
    expect(noModel.err).toContain('gpt-9');
  });
});

describe('redress evaluate', () => {
  const row = (text: string, category: string, sentiment = 'negative', complaint = 'y') =>
    JSON.stringify({ text, category, second: '-', sentiment, complaint, urgency: 'normal', language: 'en' });
  const rows = [
    row('You deducted my airtime, refund my money', 'billing'),
    row('My balance was deducted twice for one bundle', 'billing'),
    row('No network in Ikeja, calls drop', 'network'),
    row('Calls drop all day, no signal in Yaba', 'network'),
    row('Thank you for the quick help', 'other', 'positive', 'n'),
  ];

  it('prints figures with intervals beside the baseline, and everything as JSON', async () => {
    const path = file(rows.join('\n'), 'labelled.jsonl');
    const { code, out, err } = await inProcess('evaluate', '--data', path, '--trained', path, '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const said = JSON.parse(out);
    expect(said.data).toMatchObject({ name: 'labelled.jsonl', rows: 5 });
    expect(said.model.accuracy.category).toMatchObject({ rows: 5, value: expect.any(Number) });
    expect(said.model.negative.rows).toBe(4);
    // Every row resembles itself, so none is fresh.
    expect(said.model.fresh.rows).toBe(0);
    expect(Object.keys(said.model.invariance).length).toBeGreaterThan(5);
    expect(err).toContain('category or second');
  });

  it('names a row with a label that is none', async () => {
    const path = file(row('a', 'netwrok'), 'labelled.jsonl');
    const { code, err } = await inProcess('evaluate', '--data', path);
    expect(code).toBe(1);
    expect(err).toContain('labelled.jsonl, row 1');
  });
});
