import { hashParts } from './ids.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford: no I, L, O, U
const LENGTH = 10; // 50 bits: at ten million complaints about one chance in 25 that any two share a reference

/** Product in GF(32) with x^5 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 5; bit++) {
    if ((b >> bit) & 1) product ^= a << bit;
  }
  for (let bit = 9; bit >= 5; bit--) if ((product >> bit) & 1) product ^= 0b100101 << (bit - 5);
  return product;
}

/**
 * Check character: the sum of digit × 2^position in GF(32). All weights differ and none is zero, so one wrong
 * character and two neighbours changed places are always noticed.
 */
function check(digits: readonly number[]): string {
  let weight = 1;
  let sum = 0;
  for (const digit of digits) {
    weight = multiply(weight, 2);
    sum ^= multiply(weight, digit);
  }
  return ALPHABET[sum] as string;
}

const group = (s: string): string => `${s.slice(0, 5)}-${s.slice(5, 10)}-${s.slice(10)}`;

/** The short reference of a complaint, e.g. `7K3M9-QX2TA-W`: what customers, agents and tickets quote. */
export function referenceOf(complaintId: string): string {
  const bytes = hashParts(['reference', complaintId]);
  const digits = Array.from({ length: LENGTH }, (_, i) => (bytes[i] as number) & 31);
  return group(digits.map((d) => ALPHABET[d]).join('') + check(digits));
}

/**
 * A reference as a person typed it (any case, spaces, dashes or other signs, O for 0, I or L for 1) in its written form, or
 * undefined if it is not one or its check character is wrong.
 */
export function parseReference(typed: string): string | undefined {
  const plain = typed
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (plain.length !== LENGTH + 1) return undefined;
  const digits = [...plain].map((c) => ALPHABET.indexOf(c));
  if (digits.includes(-1)) return undefined;
  return check(digits.slice(0, LENGTH)) === plain[LENGTH] ? group(plain) : undefined;
}
