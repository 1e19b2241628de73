import { describe, expect, it } from '@jest/globals';
import { explain } from '../../src/cli/support/errors.js';
import { clean, cut, table } from '../../src/cli/support/text.js';
import { RedressError } from '../../src/complaint/errors.js';

describe('what a terminal is shown', () => {
  it('holds nothing that it would obey', () => {
    expect(clean('a\u001b[2Jb\r\nc\u202ed\u0000')).toBe('a [2Jb c d');
    expect(table(['x'], [['a\u001b]0;title\u0007']])).toBe('x\na ]0;title');
  });

  it('is cut between characters, never inside one', () => {
    expect(cut('😀😀😀', 2)).toBe('😀…');
    expect(cut('abc', 3)).toBe('abc');
  });

  it('has columns of one width, numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['long name', 1_234],
        ],
      ).split('\n'),
    ).toEqual(['name           n', 'a              5', 'long name  1,234']);
  });
});

describe('an error as a person reads it', () => {
  it('is its own words if it is ours', () => {
    const error = new RedressError('import', 'x', 'It is so.', 'Do this.');
    expect(explain(error)).toBe('[redress] [import] It is so. Do this.');
  });

  it('never shows the message of a foreign one', () => {
    const error = Object.assign(new Error('customer 08031234567'), { code: 'E_ODD' });
    const words = explain(error);
    expect(words).not.toContain('08031234567');
    expect(words).toMatch(/Error, E_ODD.*report it/);
    expect(words).toContain('text.test');
  });

  it('of a lost database says what to do', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { name: 'MongoServerSelectionError' });
    expect(explain(error)).toContain('Run it again');
  });

  it('may be anything that was thrown', () => {
    for (const thrown of [undefined, null, 'text', 7]) expect(explain(thrown)).toContain('report it');
  });
});
