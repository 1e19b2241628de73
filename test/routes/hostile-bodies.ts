import type { RefusalReason } from '../../src/complaint/reasons.js';

/** Something sent as one complaint, and why it is none. */
export type Hostile = readonly [what: string, item: string | Buffer, reason: RefusalReason];

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p) : Buffer.from(p))));
const keys = (n: number): string => Array.from({ length: n }, (_, i) => `"k${i}":"v"`).join(',');
const DEEP = 10_000;

/** What no door may take, whichever way it comes in. None holds a line end: each is one line of a stream too. */
export const HOSTILE: readonly Hostile[] = [
  ['arrays in arrays', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, 'malformed'],
  ['objects in objects', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`, 'malformed'],
  ['depth in a field', `{"text":"a","extra":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`, 'malformed'],
  ['20,000 keys', `{"text":"a",${keys(20_000)}}`, 'invalid'],
  ['one key too many in extra', `{"text":"a","extra":{${keys(101)}}}`, 'invalid'],
  ['a name of 100,000 characters', `{"text":"a","${'k'.repeat(100_000)}":1}`, 'invalid'],
  ['bytes that are no UTF-8', bytes('{"text":"', [0xff, 0xfe], '"}'), 'malformed'],
  ['an overlong character', bytes('{"text":"', [0xc0, 0xaf], '"}'), 'malformed'],
  ['a surrogate in UTF-8', bytes('{"text":"', [0xed, 0xa0, 0x80], '"}'), 'malformed'],
  ['a character cut in half', bytes('{"text":"', [0xf0, 0x9f], '"}'), 'malformed'],
  ['Latin-1', Buffer.from('{"text":"café"}', 'latin1'), 'malformed'],
  ['UTF-16', Buffer.from('{"text":"abc"}', 'utf16le'), 'malformed'],
  ['NUL in a string', '{"text":"a\0b"}', 'malformed'],
  ['NUL and nothing else', '\0\0\0', 'malformed'],
  ['a byte order mark', '\ufeff{"text":"a"}', 'malformed'],
  ['an operator as a name', '{"text":"a","$where":"sleep(1000)"}', 'invalid'],
  ['an operator as a text', '{"text":{"$gt":""}}', 'invalid'],
  ['an operator as an id', '{"text":"a","externalId":{"$ne":null}}', 'invalid'],
  ['__proto__', '{"text":"a","__proto__":{"admin":true}}', 'invalid'],
  ['__proto__ in customer', '{"text":"a","customer":{"__proto__":{"msisdn":"1"}}}', 'invalid'],
  ['__proto__ in extra', '{"text":"a","extra":{"__proto__":"x"}}', 'invalid'],
  ['constructor', '{"text":"a","constructor":{"prototype":{"admin":true}}}', 'invalid'],
  ['a number as text', '{"text":5}', 'invalid'],
  ['a number as id', '{"text":"a","externalId":8031234567}', 'invalid'],
  ['a number as phone', '{"text":"a","customer":{"msisdn":8031234567}}', 'invalid'],
  ['a number beyond all', '{"text":1e999}', 'invalid'],
  ['an array as text', '{"text":["a"]}', 'invalid'],
  ['an array as customer', '{"text":"a","customer":[]}', 'invalid'],
  ['an array as complaint', '["text","a"]', 'invalid'],
  ['null', 'null', 'invalid'],
  ['true', 'true', 'invalid'],
  ['a string', '"text"', 'invalid'],
  ['a number', '5', 'invalid'],
  ['no text', '{}', 'invalid'],
  ['a blank text', '{"text":" \\t\\n "}', 'invalid'],
  ['a text too long', `{"text":"${'x'.repeat(20_001)}"}`, 'invalid'],
  ['a time that is none', '{"text":"a","occurredAt":"2026-02-30T10:00:00Z"}', 'invalid'],
  ['a duplicate key whose last value is wrong', '{"text":"a","text":5}', 'invalid'],
  ['more bytes than a piece may have', `{"text":"${'x'.repeat(270_000)}"}`, 'too_large'],
  ['as many that are no JSON', `{"text":'${'x'.repeat(270_000)}'}`, 'too_large'],
  ['as many with too long a text and a wrong key', `{"texte":"${'x'.repeat(270_000)}"}`, 'too_large'],
  ['a comma too many', '{"text":"a",}', 'malformed'],
  ['a comment', '{"text":"a"/* b */}', 'malformed'],
  ['NaN', '{"text":NaN}', 'malformed'],
  ['single quotes', "{'text':'a'}", 'malformed'],
  ['two things', '{"text":"a"} {"text":"b"}', 'malformed'],
  ['an end that is missing', '{"text":"a"', 'malformed'],
  ['a quote that is missing', '{"text":"a}', 'malformed'],
  ['HTML', '<html>hello</html>', 'malformed'],
];

/** What looks hostile, is JSON all the same, and is taken as it is. */
export const TAKEN: readonly (readonly [what: string, item: string, text: string])[] = [
  ['an escaped unpaired surrogate', '{"text":"cut \\ud83d here"}', 'cut \ufffd here'],
  ['an escaped NUL', '{"text":"zero\\u0000here"}', 'zerohere'],
  [
    'names that mean something elsewhere',
    '{"text":"a","extra":{"$where":"1","a.b":"2","constructor":"3"}}',
    'a',
  ],
  ['a duplicate key', '{"text":"first","text":"last"}', 'last'],
  ['markup', '{"text":"<script>alert(1)</script>"}', '<script>alert(1)</script>'],
];
