import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type BodyEnd, openBody } from '../../src/sources/api/body.js';

const open = (more: { gzip?: boolean; idleMs?: number; busy?: () => boolean } = {}) => {
  const raw = new PassThrough();
  return { raw, body: openBody(raw, { gzip: false, idleMs: 60_000, busy: () => false, ...more }) };
};

/** Takes all there is; the text and how it ended. */
async function all(body: ReturnType<typeof openBody>): Promise<[string, BodyEnd]> {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = body.take();
    if (chunk) chunks.push(chunk);
    const end = chunk ? undefined : await body.more();
    if (end) return [Buffer.concat(chunks).toString(), end];
  }
}

describe('a body', () => {
  it('is taken to its end, plain or packed, in one piece or several', async () => {
    for (const gzip of [false, true])
      for (const text of ['', 'a', 'line\n'.repeat(100_000)]) {
        const { raw, body } = open({ gzip });
        const bytes = gzip ? gzipSync(text) : Buffer.from(text);
        raw.write(bytes.subarray(0, 7));
        raw.end(bytes.subarray(7));
        expect(await all(body)).toEqual([text, 'whole']);
      }
    const { raw, body } = open({ gzip: true });
    raw.end(Buffer.concat([gzipSync('one '), gzipSync('two')]));
    expect(await all(body)).toEqual(['one two', 'whole']);
  });

  it('that is no gzip, lacks its end, or goes on after it, is not whole', async () => {
    const packed = gzipSync('x'.repeat(1_000));
    for (const bytes of [
      Buffer.from('{"text":"a"}'),
      packed.subarray(0, -4),
      Buffer.concat([packed, Buffer.from('and more')]),
    ]) {
      const { raw, body } = open({ gzip: true });
      raw.end(bytes);
      expect((await all(body))[1]).toBe('not_gzip');
    }
  });

  it('is a bomb by what it unpacks to, not by its size', async () => {
    const bomb = open({ gzip: true });
    bomb.raw.end(gzipSync(Buffer.alloc(50_000_000, '\n')));
    expect((await all(bomb.body))[1]).toBe('bomb');
    const small = open({ gzip: true });
    small.raw.end(gzipSync('same\n'.repeat(100_000)));
    expect((await all(small.body))[1]).toBe('whole');
  });

  it('that breaks, falls silent or is stopped says which', async () => {
    const cut = open();
    cut.raw.write('half');
    cut.raw.destroy();
    expect((await all(cut.body))[1]).toBe('cut');
    expect(await open({ idleMs: 10 }).body.more()).toBe('idle');
    const stopped = open();
    const more = stopped.body.more();
    stopped.body.stop();
    expect(await more).toBe('stopped');
  });

  it('is not silent while its sender waits for us', async () => {
    let asked = 0;
    const { body } = open({ idleMs: 5, busy: () => ++asked < 3 });
    expect(await body.more()).toBe('idle');
    expect(asked).toBe(3);
  });

  it('is not read ahead: what is not taken stays with the sender', async () => {
    const { raw, body } = open();
    let sent = 0;
    while (raw.write(Buffer.alloc(10_000))) sent += 10_000;
    await body.more();
    expect(raw.writableNeedDrain).toBe(true);
    expect(sent).toBeLessThan(200_000);
    while (body.take()) {}
    expect(raw.writableNeedDrain).toBe(false);
  });
});
