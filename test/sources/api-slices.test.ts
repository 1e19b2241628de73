import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, readJson } from '../../src/sources/api/json.js';
import { sliceArray, sliceLines } from '../../src/sources/api/slices.js';

const texts = (body: string | Buffer): string[] | undefined => {
  const cut = sliceArray(Buffer.from(body), 1_000);
  return cut.ok ? cut.items.map((i) => i.bytes.toString('utf8')) : undefined;
};
/** Any white space that JSON allows between tokens. */
const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 });
const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('sliceArray', () => {
  it('gives the items of JSON.parse, whatever the values and the white space', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.jsonValue({ maxDepth: 3 }), space, space)), space, (items, around) => {
        const parts = items.map(([v, a, b]) => a + JSON.stringify(v, null, a.length) + b);
        const body = `${around}[${parts.join(',')}]${around}`;
        expect(texts(body)?.map((t) => JSON.parse(t))).toEqual(JSON.parse(body));
      }),
    );
  });

  it('cuts into items that all parse if and only if the whole parses', () => {
    const token = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"',
      '\\',
      'a',
      '1',
      ' ',
      '""',
      '"k":1',
      'null',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const body = `[${tokens.join('')}]`;
        const cut = texts(body);
        expect(cut?.every(parses) ?? false).toBe(parses(body));
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps the bytes of an item exactly, invalid UTF-8 too', () => {
    const item = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const cut = sliceArray(Buffer.concat([Buffer.from('[ '), item, Buffer.from(' ,{"b" : 2}]')]), 1_000);
    expect(cut).toMatchObject({ ok: true });
    if (!cut.ok) return;
    expect(cut.items[0]?.bytes.equals(item)).toBe(true);
    expect(cut.items[1]?.bytes.toString()).toBe('{"b" : 2}');
  });

  it('lets an item that is no JSON stand beside its neighbours', () => {
    expect(texts('[{"a":1}, {nonsense}, , {"b":[1}], {"c":"]"}]')).toEqual([
      '{"a":1}',
      '{nonsense}',
      '',
      '{"b":[1}]',
      '{"c":"]"}',
    ]);
  });

  it('refuses a body that is no whole array', () => {
    for (const body of [
      '',
      ' ',
      '{}',
      '[',
      '[{}',
      '["',
      '["\\',
      '[]]',
      '[] []',
      '[}',
      '\ufeff[]',
      '[{"a":"}]',
    ])
      expect(texts(body)).toBeUndefined();
    expect(texts(' [ ] ')).toEqual([]);
  });

  it('names the line that each item begins on', () => {
    const cut = sliceArray(Buffer.from('[\n{"a":1},\n\n{"b":\n2}, 3\n]'), 1_000);
    expect(cut.ok && cut.items.map((i) => i.line)).toEqual([2, 4, 5]);
  });
});

describe('sliceLines', () => {
  it('takes one item a line, with any line end, and passes over blank lines', () => {
    const cut = sliceLines(Buffer.from('{"a":1}\r\n\r\n  \n{"b":2}\n{"c":3}'), 1_000);
    expect(cut.ok && cut.items.map((i) => [i.line, i.bytes.toString()])).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":2}'],
      [5, '{"c":3}'],
    ]);
  });
});

describe('readJson', () => {
  const why = (bytes: Buffer) => {
    const read = readJson(bytes);
    return read.ok ? undefined : read.detail;
  };

  it('is strict about bytes and depth, and never says what was sent', () => {
    expect(why(Buffer.alloc(0))).toMatch(/empty/);
    expect(why(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toMatch(/UTF-8/);
    expect(why(Buffer.from('\ufeff{}'))).toMatch(/byte order mark/);
    expect(why(Buffer.from('['.repeat(200_000)))).toMatch(/levels deep/);
    expect(why(Buffer.from('{"text":"my number is 0803", oops}'))).toBe(
      'It is not valid JSON near character 29.',
    );
    expect(readJson(Buffer.from('"[[[[[[[[[[[[[[[[[[[[[[["'))).toMatchObject({ ok: true });
  });

  it('does not let __proto__ touch a prototype', () => {
    const read = readJson(Buffer.from('{"__proto__":{"polluted":true}}'));
    expect(read.ok && Object.keys(read.value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('canonicalJson', () => {
  it('is equal for equal content in any order of keys, and reads back as the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a body of very many items', () => {
  const BYTES = 5 * 1024 * 1024;

  it.each<[string, () => ReturnType<typeof sliceArray>, number]>([
    ['commas', () => sliceArray(Buffer.from(`[${','.repeat(BYTES)}]`), 1_000), BYTES + 1],
    ['numbers', () => sliceArray(Buffer.from(`[${'1,'.repeat(BYTES / 2)}1]`), 1_000), BYTES / 2 + 1],
    ['lines', () => sliceLines(Buffer.from('1\n'.repeat(BYTES / 2)), 1_000), BYTES / 2],
  ])('is counted, and no more of it is kept than is asked for: %s', (_, slice, count) => {
    const cut = slice();
    expect(cut).toMatchObject({ ok: true, count });
    expect(cut.ok && cut.items.length).toBe(1_000);
  });

  it('of empty lines has none', () => {
    expect(sliceLines(Buffer.from('\n'.repeat(BYTES)), 1_000)).toEqual({ ok: true, items: [], count: 0 });
    expect(sliceLines(Buffer.from(' \r\n'.repeat(BYTES / 3)), 1_000)).toMatchObject({ count: 0 });
  });
});
