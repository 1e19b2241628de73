import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/program.js';
import { cleanUp, inProcess, temporaryFolder } from './support/run.js';

afterAll(cleanUp);

const file = (content: string | Buffer, name = 'texts.txt'): string => {
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
      'x'.repeat(2_000),
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

  it('reads NDJSON with a byte-order mark', async () => {
    const ndjson = '\ufeff{"id": "a", "text": "no network"}\n{"id": "ẹ", "text": "no airtime"}\n';
    const { code, out } = await inProcess('classify', file(ndjson));
    expect(code).toBe(0);
    expect(answers(out).map((a) => a.id)).toEqual(['a', 'ẹ']);
  });

  it.each([
    ['half an object', Buffer.from('{"text": "half'), 'Line 3 is no JSON'],
    ['Windows-1252', Buffer.from('caf\xe9', 'latin1'), 'Line 3 is not valid utf-8'],
  ])('ends at %s with its number, after the answers to the lines before it', async (_, line, words) => {
    const before = Buffer.from('fine\n{"id": "b", "text": "fine"}\n');
    const { code, out, err } = await inProcess(
      'classify',
      file(Buffer.concat([before, line, Buffer.from('\nfine')])),
    );
    expect(code).toBe(1);
    expect(answers(out).map((a) => a.id)).toEqual([undefined, 'b']);
    expect(err).toContain(words);
  });

  it('has a word for a file that is not there, a folder, and nothing to label', async () => {
    const folder = temporaryFolder();
    for (const [path, words] of [
      [join(folder, 'texts.txt'), 'texts.txt is not there (ENOENT)'],
      [folder, 'is a folder (EISDIR)'],
    ] as const) {
      const { code, out, err } = await inProcess('classify', path);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(words);
    }
    for (const args of [[file('', 'empty.txt')], [file(' \r\n\n', 'empty.txt')], []]) {
      const { code, out, err } = await inProcess('classify', ...args);
      expect({ code, out }).toEqual({ code: 0, out: '' });
      expect(err).toContain(`There is no text in ${args[0] ?? 'standard input'}`);
    }
  });

  it('names a model that is not there', async () => {
    const { code, err } = await inProcess('classify', file('a'), '--model', 'gpt-9');
    expect(code).toBe(1);
    expect(err).toContain('gpt-9');
  });

  it('ends when it is asked to while it waits for input, and takes half a line for none', async () => {
    const ending = new AbortController();
    const input = new PassThrough();
    let said = '';
    const say = (text: string) => {
      said += text;
    };
    const ended = runCli(['classify'], {
      in: input,
      out: say,
      err: say,
      terminal: false,
      signal: ending.signal,
      env: {},
      cwd: tmpdir(),
    });
    // The buffer is given back: the command has read it and waits.
    input.write('{"text": "hal', () => setImmediate(() => ending.abort('SIGINT')));
    expect(await ended).toBe(130);
    expect(said).toBe('');
  });

  // Red here: it does not end, since its input never does.
  it('stops once its reader has gone, quietly, with the code of SIGPIPE', async () => {
    const entry = fileURLToPath(new URL('../../src/cli/index.js', import.meta.url));
    const child = spawn(process.execPath, [entry, 'classify'], { stdio: 'pipe' });
    try {
      let err = '';
      child.stderr.on('data', (d) => {
        err += d;
      });
      const feed = () => {
        while (child.stdin.write('no network\n'.repeat(512)));
      };
      child.stdin.on('drain', feed).on('error', () => {}); // it closes its end
      feed();
      child.stdout.once('data', () => child.stdout.destroy());
      const [code] = await once(child, 'exit');
      expect({ code, err }).toEqual({ code: 141, err: '' });
    } finally {
      child.kill('SIGKILL');
    }
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

  it.each([
    ['half.jsonl', `${row('a', 'network')}\n{"text": "ha`, 'half.jsonl, line 2 is no JSON'],
    ['stray.csv', 'text,category\na "stray one,network\n', 'stray.csv, line 2: a quote stands'],
  ])('names the line of %s that is broken, and no error of ours', async (name, content, words) => {
    const { code, out, err } = await inProcess('evaluate', '--data', file(content, name));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
    expect(err).not.toMatch(/report it|^\s+at /m);
  });
});
