import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '../../src/complaint/envelope.js';
import { isRedressError } from '../../src/complaint/errors.js';
import { complaintId, contentHash } from '../../src/complaint/ids.js';
import type { FileSource, SourceBatch } from '../../src/sources/port.js';

/** Input of a driver, ready to be opened as often as is wanted: the same input each time. */
export type Input = { open(): Promise<FileSource> };

/** What the contract needs of a driver to try it. A record is a word and a number; what makes it one is its own. */
export type Harness = {
  readonly name: string;
  /** Input that holds these records in this order; equal ones are equal in every part. */
  of(records: readonly string[]): Input;
  /** Inputs that end in the middle, each with the records that are whole in it. */
  halves(
    records: readonly string[],
  ): readonly { readonly what: string; readonly input: Input; readonly whole: number }[];
  /** Inputs that can't be used at all. */
  unusable(): readonly { readonly what: string; readonly input: Input }[];
  /** The record's own word again, from the raw piece. */
  word(envelope: Envelope): string;
  /** What the driver still holds open: files, sockets. */
  held(): number;
  /** The order in which records come does not change what they are. Not so where place is identity. */
  readonly anyOrder: boolean;
};

type Read = { readonly envelopes: Envelope[]; readonly batches: SourceBatch[] };

async function readAll(
  source: FileSource,
  size: number,
  skipRows = 0,
): Promise<Read & { skipped: Envelope[] }> {
  const batches: SourceBatch[] = [];
  const skipped: Envelope[] = [];
  const options = { skipRows, onSkipped: (envelope: Envelope) => skipped.push(envelope) };
  for await (const batch of source.read(size, options)) batches.push(batch);
  return { batches, skipped, envelopes: batches.flatMap((b) => b.envelopes) };
}
const ids = (envelopes: readonly Envelope[]): string[] => envelopes.map(complaintId);
const words = (n: number): string[] => Array.from({ length: n }, (_, i) => `record ${i}`);

/** Laws that every source of finite input keeps; see docs/sources/write-your-own.md. */
export function sourceContract(harness: Harness): void {
  const { name, anyOrder } = harness;
  const closed = async (): Promise<void> => {
    // A file closes a turn of the loop later; the test's own time limit ends the waiting.
    while (harness.held() > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  describe(`${name} keeps the contract of a source`, () => {
    it.each([1, 2, 7, 1_000])('every record once, in order, in batches of at most %i', async (size) => {
      const all = words(20);
      const source = await harness.of(all).open();
      const { envelopes, batches } = await readAll(source, size);
      expect(envelopes.map((e) => harness.word(e))).toEqual(all);
      expect(new Set(ids(envelopes)).size).toBe(all.length);
      expect(Math.max(...batches.map((b) => b.envelopes.length))).toBeLessThanOrEqual(size);
      let next = 1;
      for (const { envelopes: some, rows } of batches) {
        expect(rows).toEqual({ from: next, to: next + some.length - 1 });
        expect(some.map((e) => e.position.index)).toEqual(some.map((_, i) => next + i));
        next = rows.to + 1;
      }
      expect(source.linesCovered()).toBe((await source.census()).lines);
    });

    it('the same input again is the same records, byte for byte', async () => {
      const input = harness.of(words(20));
      const first = await readAll(await input.open(), 3);
      const source = await input.open();
      for (const size of [3, 20]) {
        const again = await readAll(source, size);
        expect(ids(again.envelopes)).toEqual(ids(first.envelopes));
        expect(again.envelopes.map(contentHash)).toEqual(first.envelopes.map(contentHash));
        expect(again.envelopes.map((e) => e.raw.toString('hex'))).toEqual(
          first.envelopes.map((e) => e.raw.toString('hex')),
        );
      }
      expect(await (await input.open()).census()).toEqual(await source.census());
    });

    it('a crash after any batch: reading on from its last row gives the same records', async () => {
      // Repeated ones among them: which of the equal records one is must not depend on where reading begins.
      const input = harness.of(
        words(12).flatMap((word, i) => (i % 3 === 0 ? [word, 'again', word] : [word])),
      );
      const whole = await readAll(await input.open(), 1_000);
      for (let crash = 0; crash <= whole.envelopes.length; crash += 1) {
        const source = await input.open();
        const rest = await readAll(source, 5, crash);
        expect(ids(rest.envelopes)).toEqual(ids(whole.envelopes).slice(crash));
        expect(rest.skipped).toEqual(whole.envelopes.slice(0, crash));
        expect(rest.envelopes.map((e) => e.position)).toEqual(
          whole.envelopes.slice(crash).map((e) => e.position),
        );
        expect(source.linesCovered()).toBe((await source.census()).lines);
      }
      expect((await readAll(await input.open(), 5, 1_000)).envelopes).toEqual([]);
    });

    it('equal records are as many as they are, and match when they come again in a longer input', async () => {
      const some = ['slow', 'slow', 'down', 'slow'];
      const first = await readAll(await harness.of(some).open(), 10);
      expect(new Set(ids(first.envelopes)).size).toBe(4);
      const longer = await readAll(await harness.of([...some, 'slow', 'new']).open(), 10);
      expect(ids(longer.envelopes).slice(0, 4)).toEqual(ids(first.envelopes));
      expect(new Set(ids(longer.envelopes)).size).toBe(6);
    });

    (anyOrder ? it : it.skip)('out of order: the records are the same', async () => {
      const all = [...words(9), 'slow', 'slow'];
      const straight = await readAll(await harness.of(all).open(), 4);
      const turned = await readAll(await harness.of([...all].reverse()).open(), 4);
      expect(ids(turned.envelopes).sort()).toEqual(ids(straight.envelopes).sort());
    });

    it('half an answer is told, never silently shorter, and what was whole in it is there', async () => {
      const all = words(30);
      const whole = ids((await readAll(await harness.of(all).open(), 10)).envelopes);
      for (const { what, input, whole: n } of harness.halves(all)) {
        const got: Envelope[] = [];
        let error: unknown;
        try {
          for await (const { envelopes } of (await input.open()).read(10)) got.push(...envelopes);
        } catch (e) {
          error = e;
        }
        const told = isRedressError(error) || got.some((e) => e.reason !== undefined);
        expect({ what, told, unexpected: isRedressError(error) ? undefined : error }).toEqual({
          what,
          told: true,
        });
        expect([what, ids(got).slice(0, n)]).toEqual([what, whole.slice(0, n)]);
      }
      await closed();
    });

    it('what can not be used at all is said with what to do, by a word of a closed list', async () => {
      for (const { what, input } of harness.unusable()) {
        const error: unknown = await input
          .open()
          .then((source) => readAll(source, 10))
          .catch((e: unknown) => e);
        expect([what, isRedressError(error)]).toEqual([what, true]);
      }
      await closed();
    });

    it('stops when nobody reads any further, and holds nothing open', async () => {
      const source = await harness.of(words(5_000)).open();
      for await (const { rows } of source.read(2)) if (rows.to >= 10) break;
      await closed();
      expect((await readAll(source, 1_000)).envelopes.length).toBe(5_000);
      await closed();
    });
  });
}
