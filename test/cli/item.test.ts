import { describe, expect, it } from '@jest/globals';
import { itemOf } from '../../src/cli/support/item.js';
import { limit } from '../../src/complaint/limits.js';

const read = (text: string) => itemOf({ number: 7, text });

describe('a line to label', () => {
  it.each([
    ['plain words, "quoted"', { text: 'plain words, "quoted"' }],
    ['\ufeff {"text": "a", "more": 1}', { text: 'a' }],
    ['{"id": "1.0", "text": "a"}', { id: '1.0', text: 'a' }],
    ['{"id": -12, "text": "a"}', { id: '-12', text: 'a' }],
    ['{"id": 9007199254740991, "text": "a"}', { id: '9007199254740991', text: 'a' }],
    [
      String.raw`{"meta": {"id": 1.0, "said": "\\\", \"id\": 2.0"}, "id":3,"text": "a 1.0"}`,
      { id: '3', text: 'a 1.0' },
    ],
  ])('%s', (line, item) => expect(read(line)).toEqual(item));

  it.each([
    ['{"text": "half', 'is no JSON'],
    ['{"txt": "a"}', 'has no string "text"'],
    ['{"text": "a", "id": {}}', 'has an "id" that is no string'],
    ['{"text": "a", "id": null}', 'has an "id" that is no string'],
  ])('%s is refused', (line, words) => expect(() => read(line)).toThrow(`Line 7 ${words}`));

  it.each([
    ...[
      '12345678901234567890',
      '9007199254740993',
      '9007199254740992',
      '1e400',
      '1e3',
      '1E3',
      '1.0',
      '1.5',
      '-0',
    ],
    String.raw`1, "\u0069d": 2.0`,
  ])('"id": %s would come back as another, so it is refused', (id) => {
    expect(() => read(`{"text": "a", "id": ${id}}`)).toThrow(/^.*Line 7 .* Send ids as text/);
  });

  it('may be as long as a complaint, by what it says and not by how that is written', () => {
    const most = limit('textChars');
    const text = '\u00e9'.repeat(most);
    const escaped = `{"text": "${String.raw`\u00e9`.repeat(most)}"}`;
    expect(read(text).text).toHaveLength(most);
    expect(read(escaped)).toEqual({ text });
    for (const line of [`${text}x`, JSON.stringify({ text: `${text}x` })])
      expect(() => read(line)).toThrow(`Line 7 has a text of ${most + 1} characters, more than ${most}`);
  });
});
