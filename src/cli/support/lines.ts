import { RedressError } from '../../complaint/errors.js';
import { limit } from '../../complaint/limits.js';
import { encodingSign } from '../../sources/call-log/encoding.js';
import { isWide, textsOf, unitsOf } from '../../sources/csv-text.js';

/** One line of text without its end; `number` is 1-based. */
export type TextLine = { readonly number: number; readonly text: string };

/** First bytes that the encoding is told from. */
const HEAD = 4_096;
const LINE_END = /\r\n|\n|\r/;
const CONVERT =
  'Find out what it is (`file -i`) and convert it, e.g. `iconv -f windows-1252 -t utf-8`; unpack archives and save spreadsheets as text first.';

/**
 * Lines of a stream of any length: UTF-8, or UTF-16 that is marked or shows by its zero bytes. Holds no more than one
 * line of LIMITS.rawBytes. Nothing is replaced: the first line that is not valid, or longer, is thrown as an error, after
 * those before it.
 */
export async function* linesOf(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<TextLine> {
  let cutter: LineCutter | undefined;
  for await (const chunk of headFirst(bytes)) {
    if (cutter) yield* cutter.push(chunk);
    else {
      const { encoding, bom } = signOf(chunk, name);
      cutter = lineCutter(encoding);
      yield* cutter.push(chunk.subarray(bom));
    }
  }
  if (cutter) yield* cutter.rest();
}

/** The same bytes; the first piece has HEAD or all of them. */
async function* headFirst(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (!head) yield chunk;
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD) continue;
      yield head;
      head = undefined;
    }
  }
  if (head) yield head;
}

function signOf(head: Buffer, name: string): { encoding: string; bom: number } {
  try {
    const { known, bom } = encodingSign(head, 'auto', name);
    return { encoding: known ?? 'utf-8', bom };
  } catch (e) {
    throw new RedressError('classify', 'bad_encoding', `${name} is no UTF-8 and no UTF-16.`, CONVERT, {
      cause: e,
    });
  }
}

type LineCutter = {
  /** The lines that end within `chunk`, in order; to be read to its end before the next. */
  push(chunk: Buffer): Generator<TextLine>;
  /** What follows the last line end, if anything. */
  rest(): Generator<TextLine>;
};

/** Cuts before it decodes, so that a character on the border of two chunks stays whole. */
function lineCutter(encoding: string): LineCutter {
  const wide = isWide(encoding);
  const most = limit('rawBytes') / (wide ? 2 : 1);
  let half: Buffer = Buffer.alloc(0);
  let kept = '';
  let afterReturn = false;
  let number = 1;

  function check(units: string): void {
    if (units.length > most)
      throw new RedressError(
        'classify',
        'line_too_long',
        `Line ${number} is longer than ${limit('rawBytes')} bytes (limit rawBytes).`,
        `A text has at most ${limit('textChars')} characters (limit textChars): shorten or split it.`,
      );
  }

  function line(units: string): TextLine {
    check(units);
    const text = textsOf([units], encoding)?.[0];
    if (text === undefined)
      throw new RedressError('classify', 'bad_encoding', `Line ${number} is not valid ${encoding}.`, CONVERT);
    return { number, text };
  }

  return {
    *push(chunk) {
      const bytes = half.length > 0 ? Buffer.concat([half, chunk]) : chunk;
      const whole = bytes.length - (wide ? bytes.length % 2 : 0);
      half = Buffer.from(bytes.subarray(whole));
      if (whole === 0) return;
      const units = unitsOf(bytes.subarray(0, whole), encoding);
      // A CR LF on the border of two chunks is one line end.
      const parts = (afterReturn && units.startsWith('\n') ? units.slice(1) : units).split(LINE_END);
      afterReturn = units.endsWith('\r');
      const last = parts.pop() as string;
      for (const part of parts) {
        const found = line(kept + part);
        kept = '';
        number += 1;
        yield found;
      }
      kept += last;
      check(kept);
    },
    *rest() {
      if (half.length > 0) kept += '\ud800'; // half a unit, in UTF-16 only: as invalid as half a pair
      if (kept !== '') yield line(kept);
    },
  };
}
