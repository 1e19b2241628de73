import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ComplaintCard, Delivery, FindOutcome, SendOutcome, Sink } from '../../src/sinks/port.js';

/** A sink with the service behind it, opened anew for each test. */
export type SinkUnderTest = {
  readonly sink: Sink;
  /** A target that the service has. */
  readonly target: string;
  /** The sink keeps one effect a complaint (a ticket), whatever the deliveries. */
  readonly onePerComplaint?: true;
  /** Effects of a delivery that the service itself counts, without asking the sink. */
  effects(deliveryId: string): Promise<number>;
  /** Makes the service do the work of the next send and lose the answer; left out where that cannot happen. */
  loseNextAnswer?(): void;
  /** Makes the service refuse to answer the next find; left out where that cannot happen. */
  failNextFind?(): void;
  close(): Promise<void>;
};

export const CARD: ComplaintCard = {
  id: 'cmp-0001',
  reference: '7K3M9-QX2TA-W',
  text: 'No network in Ikeja since Monday. I dialled *131# and nothing, please help.',
  category: 'network',
  second: 'internet',
  sentiment: 'negative',
  urgency: 'high',
  confidence: 0.874,
  abstained: [],
  evidence: ['no network', 'nothing'],
  source: 'x',
  feed: 'x-main',
  place: 'Ikeja, Lagos',
  occurredAt: new Date('2026-01-31T08:05:00Z'),
  receivedAt: new Date('2026-01-31T08:06:00Z'),
  team: 'network-ops',
  rule: 'network-high',
  priority: 'high',
};

/** A delivery of its own id, made now. */
export function delivery(
  target: string,
  card: Partial<ComplaintCard> = {},
  id: string = randomUUID(),
): Delivery {
  const whole = { ...CARD, ...card };
  return {
    id,
    complaintId: whole.id,
    target,
    purpose: 'route',
    attempt: 1,
    origin: { run: 'run-0001', feed: whole.feed, day: '2026-01-31' },
    createdAt: new Date(),
    card: whole,
  };
}

export const HARD_TEXTS: Readonly<Record<string, string>> = {
  long: 'My money is gone and nobody answers. '.repeat(540),
  emoji: '😡👩🏽‍👩🏽‍👧🏽🇳🇬'.repeat(900),
  'right to left': 'الشبكة لا تعمل منذ يومين \u202E في البيت',
  hostile: '<!channel> &amp; <http://x|y> <@U0DEMO001> ``` =cmd()',
  'blank lines': '\n'.repeat(19_999).concat('x'),
  'nothing to show': ' \u0000\u200b\n',
  'half a character': 'broken \ud83d end',
  entities: '&'.repeat(20_000),
};

const refOf = (outcome: SendOutcome | FindOutcome | undefined): string => {
  if (outcome?.kind !== 'delivered' && outcome?.kind !== 'found')
    throw new Error(`expected an effect, got ${JSON.stringify(outcome)}`);
  return outcome.evidence.ref;
};

/** What the deliver stage relies on, for any driver of the port. */
export function sinkContract(title: string, open: () => Promise<SinkUnderTest>): void {
  describe(`sink contract: ${title}`, () => {
    let under: SinkUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(async () => {
      await under.sink.close();
      await under.close();
    });

    it('declares sizes that a drain can work with', () => {
      expect(under.sink.batchSize).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(under.sink.batchSize)).toBe(true);
      expect(under.sink.spacingMs).toBeGreaterThanOrEqual(0);
    });

    it('answers nothing for nothing', async () => {
      expect(await under.sink.send([])).toEqual([]);
    });

    it('does one effect and finds it again under the same ref', async () => {
      const one = delivery(under.target);
      const [sent] = await under.sink.send([one]);
      expect(sent?.kind).toBe('delivered');
      expect(refOf(sent)).not.toBe('');
      expect(await under.effects(one.id)).toBe(1);
      const found = await under.sink.find(one);
      expect(found).toMatchObject({ kind: 'found', times: 1 });
      expect(refOf(found)).toBe(refOf(sent));
    });

    it('says absent for what was never sent, also when its neighbours were', async () => {
      await under.sink.send([delivery(under.target)]);
      expect(await under.sink.find(delivery(under.target, { id: 'cmp-0002' }))).toEqual({ kind: 'absent' });
    });

    it('answers in the order given, one outcome for each delivery', async () => {
      const several = Array.from({ length: Math.min(under.sink.batchSize, 5) }, (_, i) =>
        delivery(under.target, { id: `cmp-${i}`, text: `complaint number ${i}` }),
      );
      const outcomes = await under.sink.send(several);
      expect(outcomes).toHaveLength(several.length);
      for (const [i, one] of several.entries())
        expect(refOf(await under.sink.find(one))).toBe(refOf(outcomes[i]));
    });

    it('keeps two deliveries of one complaint apart, unless it keeps one effect a complaint', async () => {
      const first = delivery(under.target);
      const second = delivery(under.target);
      for (const one of [first, second]) await under.sink.send([one]);
      const refs = [refOf(await under.sink.find(first)), refOf(await under.sink.find(second))];
      expect(new Set(refs).size).toBe(under.onePerComplaint ? 1 : 2);
    });

    it.each(Object.entries(HARD_TEXTS))('delivers a text that is hard: %s', async (_name, text) => {
      const one = delivery(under.target, {
        text,
        place: text.slice(0, 1_024),
        evidence: [text.slice(0, 64)],
      });
      expect((await under.sink.send([one]))[0]?.kind).toBe('delivered');
      expect(await under.effects(one.id)).toBe(1);
    });

    it('calls a lost answer unknown and finds the effect', async () => {
      if (under.loseNextAnswer === undefined) return;
      const one = delivery(under.target);
      under.loseNextAnswer();
      expect((await under.sink.send([one]))[0]?.kind).toBe('unknown');
      expect(await under.sink.find(one)).toMatchObject({ kind: 'found', times: 1 });
    });

    it('never says absent when the service did not answer', async () => {
      if (under.failNextFind === undefined) return;
      const one = delivery(under.target);
      await under.sink.send([one]);
      under.failNextFind();
      expect((await under.sink.find(one)).kind).toBe('unavailable');
    });

    it('closes twice without complaint', async () => {
      await under.sink.close();
      await under.sink.close();
    });
  });
}
