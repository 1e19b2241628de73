import { describe, expect, it } from '@jest/globals';
import { limit } from '../../src/complaint/limits.js';
import { linesOf, type TextLine } from '../../src/cli/support/lines.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What is read, up to the error if there is one. */
async function read(bytes: Buffer, size = bytes.length): Promise<{ lines: TextLine[]; error?: string }> {
  const lines: TextLine[] = [];
  try {
    for await (const line of linesOf(pieces(bytes, size), 'it')) lines.push(line);
    return { lines };
  } catch (e) {
    return { lines, error: (e as Error).message };
  }
}

const TEXT = 'ẹ jọ̀ọ́ 😡\r\n\r\nno network\u2028here\rcafé\n{"a": 1}';
const LINES = ['ẹ jọ̀ọ́ 😡', '', 'no network\u2028here', 'café', '{"a": 1}'].map((text, i) => ({
  number: i + 1,
  text,
}));
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

describe('lines of a stream', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', (text: string) => utf16le(`\ufeff${text}`)],
    ['UTF-16BE with a mark', (text: string) => utf16be(`\ufeff${text}`)],
  ])('are the same in %s, however it is cut', async (_, encode) => {
    const bytes = encode(TEXT);
    // Past the head as well: there a piece is as large as it came.
    const long = encode(`${TEXT}\n`.repeat(200));
    const whole = await read(long);
    expect(whole).toMatchObject({ lines: { length: 1_000 } });
    expect(whole).not.toHaveProperty('error');
    for (const size of [1, 2, 3, 7, 4_097]) {
      expect(await read(bytes, size)).toEqual({ lines: LINES });
      expect(await read(long, size)).toEqual(whole);
    }
  });

  it('of UTF-16 without a mark show by their zero bytes', async () => {
    const texts = (await read(utf16le('no network\nno airtime\n'))).lines.map(({ text }) => text);
    expect(texts).toEqual(['no network', 'no airtime']);
  });

  it.each([
    ['a byte of Windows-1252', Buffer.from('fine\ncaf\xe9\nfine', 'latin1'), 'Line 2 is not valid utf-8'],
    ['a character that is cut off', Buffer.from('fine\n😡').subarray(0, -1), 'Line 2 is not valid utf-8'],
    ['half a pair', utf16le('\ufefffine\n\ud83d no\n'), 'Line 2 is not valid utf-16le'],
    ['half a unit', utf16le('\ufefffine\nno').subarray(0, -1), 'Line 2 is not valid utf-16le'],
  ])('%s is an error with its line, after the lines before it', async (_, bytes, words) => {
    const { lines, error } = await read(bytes);
    expect(lines).toEqual([{ number: 1, text: 'fine' }]);
    expect(error).toContain(words);
    expect(error).toContain('iconv');
  });

  it('UTF-32 is refused', async () => {
    const { error } = await read(Buffer.from('fffe000061000000', 'hex'));
    expect(error).toContain('it is no UTF-8 and no UTF-16');
  });

  it('a line may be as long as the limit; one that has no end is not waited for', async () => {
    const most = limit('rawBytes');
    expect(await read(Buffer.from(`a\n${'x'.repeat(most)}\nb`))).toMatchObject({ lines: { length: 3 } });
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('fine\n');
      for (;;) yield Buffer.alloc(65_536, 'x');
    }
    const reading = linesOf(endless(), 'it');
    expect((await reading.next()).value).toEqual({ number: 1, text: 'fine' });
    await expect(reading.next()).rejects.toThrow(`Line 2 is longer than ${most} bytes`);
  });
});
