import { describe, expect, it } from '@jest/globals';
import { openFile } from '../../src/sources/call-log/open.js';
import { readTrailer } from '../../src/sources/call-log/trailer.js';
import { readable } from '../../src/sources/csv-text.js';
import { feedOf, fileOf } from './files.js';

describe('a trailer', () => {
  const euros = Buffer.from([0x80]);
  const content = Buffer.concat([Buffer.from('a,b\n1,2 '), euros, Buffer.from('\n3,4\nsum '), euros]);

  it('is read in Windows-1252 with its own signs, which TextDecoder of some Node versions gets wrong', async () => {
    const path = fileOf(Buffer.concat([content, Buffer.from(' rows 2\n')]));
    const { source, facts } = await openFile({ path, feed: feedOf() });
    expect(facts.encoding).toBe('windows-1252');
    expect(await readTrailer(source, '^sum € rows (\\d+)$')).toEqual({ kind: 'whole', rows: 2 });
  });
});

describe('bytes for people to read', () => {
  it.each([
    ['windows-1252', Buffer.from([0x80, 0x93, 0x61, 0x94, 0x81, 0xff]), '€“a”\u0081ÿ'],
    ['utf-8', Buffer.from([0x61, 0xff, 0xc3, 0xa9]), 'a\ufffdé'],
    ['utf-16be', Buffer.from([0x00, 0x61, 0x20, 0xac]), 'a€'],
    ['utf-16be', Buffer.from([0x00, 0x61, 0x20]), 'a\ufffd'],
    ['utf-16le', Buffer.from([0x61, 0x00, 0x00, 0xd8]), 'a\ufffd'],
  ])('%s', (encoding, bytes, text) => {
    expect(readable(bytes, encoding)).toBe(text);
  });
});
