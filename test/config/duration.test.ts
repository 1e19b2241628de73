import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/config/duration.js';

describe('durations', () => {
  it('are read with their unit', () => {
    expect(['250ms', '10s', '5m', '72h', '7d', ' 0s '].map(parseDuration)).toEqual([
      250, 10_000, 300_000, 259_200_000, 604_800_000, 0,
    ]);
  });

  it.each(['', '10', 's', '-1s', '1.5h', '1 h', '1h30m', '1H', '9999d', '٣s'])('are refused: %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('keep their value through their spelling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 315_360_000_000 }),
        (ms) => parseDuration(formatDuration(ms)) === ms,
      ),
    );
    expect(formatDuration(259_200_000)).toBe('72h');
  });
});
