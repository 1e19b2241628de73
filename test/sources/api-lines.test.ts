import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Line, lineCutter } from '../../src/sources/api/lines.js';

const MOST = 100;

/** The lines of `text` cut at `places`, as line number and text. */
function cut(bytes: Buffer, places: readonly number[]): (string | number)[][] {
  const cutter = lineCutter(MOST);
  const found: Line[] = [];
  const borders = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  borders.forEach((from, i) => {
    const chunk = Buffer.from(bytes.subarray(from, borders[i + 1] ?? from));
    for (const line of cutter.push(chunk)) found.push(line);
    chunk.fill(0); // whoever sends may use its memory again
  });
  const rest = cutter.rest();
  if (rest) found.push(rest);
  return found.map((f) => ('bytes' in f ? [f.line, f.bytes.toString()] : [f.line, f.tooLarge]));
}

describe('lines of a stream', () => {
  it('are the same wherever the chunks end, characters of many bytes included', () => {
    const word = fc.constantFrom(
      '{"text":"a"}',
      'é',
      '🙂',
      ' ',
      '\t',
      '\r',
      '',
      'x'.repeat(99),
      'y'.repeat(130),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.array(fc.nat(600), { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        (words, places, end) => {
          const bytes = Buffer.from(words.join(end));
          const inside = places.map((p) => Math.min(p, bytes.length));
          const whole = bytes
            .toString()
            .split('\n')
            .flatMap((text, i) => {
              if (Buffer.byteLength(text) > MOST) return [[i + 1, Buffer.byteLength(text)]];
              const trimmed = text.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
              return trimmed === '' ? [] : [[i + 1, trimmed]];
            });
          expect(cut(bytes, inside)).toEqual(whole);
        },
      ),
    );
  });

  it('that come byte by byte, or are far too long, are not kept in pieces', () => {
    const cutter = lineCutter(MOST);
    for (let i = 0; i < 10_000; i++) for (const line of cutter.push(Buffer.from('x'))) throw line;
    expect([...cutter.push(Buffer.from('\n{}\n'))]).toEqual([
      { line: 1, tooLarge: 10_000 },
      { line: 2, bytes: Buffer.from('{}') },
    ]);
    expect(cutter.rest()).toBeUndefined();
  });
});
