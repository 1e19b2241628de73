import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base32, complaintId, contentHash, hashParts } from '../../src/complaint/ids.js';
import { parseReference, referenceOf } from '../../src/complaint/reference.js';

const envelope = (
  identity: Parameters<typeof complaintId>[0]['identity'],
  content = ['text', 'no network'],
) => ({
  feed: 'sms',
  identity,
  content,
});
const sender = (value: string) => envelope({ kind: 'sender', space: 'externalId', value });

describe('ids', () => {
  it('tell apart where one part ends and the next begins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' })),
        fc.array(fc.string({ unit: 'binary' })),
        (a, b) => {
          const same = a.length === b.length && a.every((x, i) => x === b[i]);
          expect(hashParts(a).equals(hashParts(b))).toBe(same);
        },
      ),
    );
    expect(hashParts(['ab', 'c'])).not.toEqual(hashParts(['a', 'bc']));
  });

  it('tell an unpaired surrogate from the replacement character', () => {
    expect(hashParts(['\ud800'])).not.toEqual(hashParts(['\ufffd']));
    expect(hashParts(['\ud800'])).not.toEqual(hashParts(['\udc00']));
  });

  it('keep 64-bit ids, leading zeros and plus signs apart', () => {
    const ids = ['1990000000000000001', '1990000000000000002', '0803', '803', '+0803'].map((v) =>
      complaintId(sender(v)),
    );
    expect(new Set(ids).size).toBe(5);
  });

  it('are the same for the same sender id whatever it says, and never all digits', () => {
    const a = complaintId(sender('42'));
    expect(complaintId({ ...sender('42'), content: ['text', 'other'] })).toBe(a);
    expect(complaintId({ ...sender('42'), feed: 'x' })).not.toBe(a);
    expect(a).toMatch(/^c[0-9a-hjkmnp-tv-z]{24}$/);
  });

  it('are always new without an id; rows count their repeats', () => {
    expect(complaintId(envelope({ kind: 'none' }))).not.toBe(complaintId(envelope({ kind: 'none' })));
    const row = (occurrence: number) => complaintId(envelope({ kind: 'row', occurrence }));
    expect(row(0)).toBe(row(0));
    expect(row(1)).not.toBe(row(0));
    expect(contentHash(sender('1'))).toBe(contentHash(sender('2')));
  });

  it('write bytes as Crockford base32', () => {
    expect(base32(Buffer.from([0xff, 0x00]))).toBe('zw00');
    expect(base32(Buffer.alloc(5))).toBe('00000000');
  });
});

describe('references', () => {
  const id = fc.uint8Array({ minLength: 15, maxLength: 15 }).map((b) => `c${base32(b)}`);

  it('are read as they are spoken and typed', () => {
    fc.assert(
      fc.property(id, (complaint) => {
        const reference = referenceOf(complaint);
        expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]$/);
        const typed = ` ${reference.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ' ')} `;
        expect(parseReference(typed)).toBe(reference);
      }),
    );
  });

  it('notice every wrong character and every two neighbours changed places', () => {
    const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(id, (complaint) => {
        const plain = referenceOf(complaint).replaceAll('-', '');
        for (let i = 0; i < plain.length; i++) {
          for (const c of ALPHABET)
            if (c !== plain[i])
              expect(parseReference(plain.slice(0, i) + c + plain.slice(i + 1))).toBeUndefined();
          if (i > 0 && i < plain.length - 1 && plain[i] !== plain[i - 1]) {
            const swapped = plain.slice(0, i - 1) + plain[i] + plain[i - 1] + plain.slice(i + 1);
            expect(parseReference(swapped)).toBeUndefined();
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are nothing else', () => {
    for (const text of ['', 'hello', '12345-67890', 'U'.repeat(11), '💥'.repeat(11)])
      expect(parseReference(text)).toBeUndefined();
  });
});
