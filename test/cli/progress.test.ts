import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createProgress } from '../../src/cli/support/progress.js';

describe('the line that shows how far a command is', () => {
  const watched = (terminal: boolean) => {
    let out = '';
    let err = '';
    const progress = createProgress({
      in: Readable.from([]),
      terminal,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      signal: new AbortController().signal,
      cwd: '/',
    });
    return { progress, shown: () => ({ out, err }) };
  };

  it('is written over on a terminal, often said and seldom drawn, and gone at the end', () => {
    const { progress, shown } = watched(true);
    progress.clear();
    expect(shown()).toEqual({ out: '', err: '' });
    for (let row = 1; row <= 1_000; row++) progress.show(`${row} rows`);
    expect(shown().err.startsWith('\r\u001b[2K1 rows')).toBe(true);
    expect(shown().err).not.toContain('\n');
    expect(shown().err.split('rows').length).toBeLessThan(500);
    progress.clear();
    expect(shown().err.endsWith('\r\u001b[2K')).toBe(true);
    expect(shown().out).toBe('');
  });

  it('is not there where nobody watches', () => {
    const { progress, shown } = watched(false);
    progress.show('1 row');
    progress.clear();
    expect(shown()).toEqual({ out: '', err: '' });
  });
});
