import { describe, expect, it } from '@jest/globals';
import { Allowance } from '../../routes/allowance.js';

const at = (seconds: number) => new Date(seconds * 1_000);

describe('an allowance', () => {
  it('gives a minute at once, then as much each minute, and says when', () => {
    const a = new Allowance(60, at(0));
    expect(a.take(60, at(0))).toBe(0);
    expect(a.take(1, at(0))).toBe(1_000);
    expect(a.take(30, at(10))).toBe(20_000);
    expect(a.take(30, at(30))).toBe(0);
    expect(a.take(61, at(1_000))).toBe(0); // more than a minute's: when nothing is owed
    expect(a.take(1, at(1_000))).toBe(2_000);
  });

  it('lets a stream owe, and holds back until nothing is owed', () => {
    const a = new Allowance(600, at(0));
    expect(a.owe(600, at(0))).toBe(0);
    expect(a.owe(256, at(0))).toBe(25_600);
    expect(a.take(0, at(20))).toBe(5_600);
    expect(a.take(0, at(25.6))).toBe(0);
  });

  it('is not upset by a clock that is set back', () => {
    const a = new Allowance(60, at(1_000));
    a.take(60, at(1_000));
    expect(a.take(1, at(0))).toBe(1_000);
    expect(a.take(1, at(1))).toBe(0);
  });
});
