import { describe, expect, it } from '@jest/globals';
import { guessMapping } from '../../demo/guess.js';

const LONG = ['the line is dead since monday', 'nobody called me back', 'charged twice for one bundle'];
const guess = (headings: string[], rows: string[][]) => guessMapping({ headings, rows });
const columns = (headings: string[], rows: string[][]) => {
  const guessed = guess(headings, rows);
  return guessed.kind === 'guessed'
    ? guessed.columns.map(({ field, column }) => [field, column])
    : guessed.problem;
};

describe('guessing the columns of a file', () => {
  it('takes a column by its name, however it is spelt, before a longer one', () => {
    const rows = LONG.map((text) => [
      `bad: ${text}`,
      `${text} and much more that somebody at the desk wrote about it`,
    ]);
    expect(columns(['CUSTOMER_COMPLAINT', 'Agent notes'], rows)).toEqual([['text', 'CUSTOMER_COMPLAINT']]);
  });

  it('prefers the surer name, and does not choose between two equally sure ones', () => {
    expect(columns(['Description', 'Complaint'], [['it is about calls', 'no calls go out']])).toEqual([
      ['text', 'Complaint'],
    ]);
    expect(columns(['Complaint', 'Complaint text'], [['it is about calls', 'no calls go out']])).toContain(
      'could each be the text',
    );
  });

  it('passes over a label of that name', () => {
    const flags = LONG.map((text) => ['y', text]);
    expect(columns(['complaint', 'text'], flags)).toEqual([['text', 'text']]);
    const kinds = Array.from({ length: 20 }, (_, i) => ['Billing', `${LONG[i % 3]} ${i}`]);
    expect(columns(['Complaint', 'Remarks'], kinds)).toEqual([['text', 'Remarks']]);
  });

  it('takes the longest free text where no name says so, unless two are alike', () => {
    const rows = LONG.map((text, i) => [String(i), text]);
    expect(columns(['no', 'what they told us'], rows)).toEqual([['text', 'what they told us']]);
    const twice = LONG.map((text) => [text, `${text}!`]);
    expect(columns(['first', 'second'], twice)).toContain('both look like text');
  });

  it.each([
    ['numbers', ['a', 'b'], [['1', '2']]],
    ['a repeated phrase', ['no', 'kind'], LONG.map((_, i) => [String(i), 'a complaint by phone'])],
    ['any text file', ['{'], LONG.map((text) => [text])],
    ['a name that stands twice', ['text', 'text'], [['no calls', 'no data']]],
  ])('finds no text in %s', (_, headings, rows) => {
    expect(guess(headings, rows).kind).toBe('unclear');
  });

  it('maps times only where every one can be read without doubt', () => {
    const rows = (second: string) => [
      ['2026-11-20 10:00', 'no calls go out'],
      [second, 'no data at all'],
    ];
    expect(columns(['Date', 'Complaint'], rows('2026-11-21T09:00:00Z'))).toContainEqual([
      'occurredAt',
      'Date',
    ]);
    expect(columns(['Date', 'Complaint'], rows('05/11/2026'))).toEqual([['text', 'Complaint']]);
  });
});
