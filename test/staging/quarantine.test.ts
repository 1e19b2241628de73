import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { referenceOf } from '../../src/complaint/reference.js';
import { recount } from '../../src/staging/door.js';
import {
  countQuarantined,
  findQuarantined,
  matchOf,
  type QuarantineFilter,
} from '../../src/staging/quarantine.js';
import { acceptConflict, discard, replay } from '../../src/staging/quarantine-decide.js';
import { QUARANTINE_STATUSES } from '../../src/staging/record.js';
import { INDEXES } from '../../src/store/indexes.js';
import { envelope } from './envelopes.js';
import { ANGRY, idOf, type QuarantineDesk, quarantineDesk, row } from './quarantine-desk.js';

let desk: QuarantineDesk;
let p: QuarantineDesk['p'];
beforeAll(async () => {
  desk = await quarantineDesk();
  p = desk.p;
});
afterAll(() => p.close());

describe('discard', () => {
  it('keeps who, when and why on the record and in the audit, and the same row is `repeated`', async () => {
    const bad = row('d1', '2026-11-25', '');
    const accepted = await p.accept([bad], 'calls');
    await desk.work(desk.feedWith('words', 'YYYY-MM-DD'));
    const id = idOf(accepted);
    expect(await discard({ ids: [id] }, 'test row', desk.deps(), { dryRun: true })).toMatchObject({
      found: 1,
      changed: 0,
    });
    expect(await discard({ ids: [id] }, 'test row', desk.deps())).toMatchObject({ found: 1, changed: 1 });
    expect(await discard({ ids: [id] }, 'test row', desk.deps())).toMatchObject({ found: 0, changed: 0 });
    expect(await p.staging.get(id)).toMatchObject({
      status: 'discarded',
      reason: 'no_text',
      decided: { what: 'discarded', by: 'tester', why: 'test row', at: expect.any(Date) },
    });
    const [entry, ...earlier] = await p.operations.recentAudit(2);
    expect(entry).toMatchObject({ by: 'tester', action: 'quarantine_discarded', target: `ids ${id}` });
    expect(entry?.reason).toMatch(/^test row \(1 found, operation /);
    expect(earlier.map((e) => e.target)).not.toContain(`ids ${id}`);
    expect(await replay({ ids: [id] }, desk.deps())).toMatchObject({ found: 0, changed: 0 });
    expect((await p.accept([bad], 'calls')).outcomes[0]?.outcome).toBe('repeated');
    const { rows, verdict } = await desk.settled();
    expect(rows.find((r) => r.run === accepted.run)).toMatchObject({ accepted: 1, discarded: 1 });
    expect(verdict).toBe('balanced');
  });
});

describe('a conflict', () => {
  const clash = async (name: string) => {
    const first = await p.accept([envelope(`${ANGRY} first`, name)]);
    const second = await p.accept([envelope(`${ANGRY} second`, name)]);
    const [kept] = await p.staging.conflictsOf(idOf(first));
    return { first: idOf(first), id: kept?._id ?? '', run: second.run };
  };

  it('is listed beside the record it disagrees with, and only when asked for', async () => {
    const { first, id, run } = await clash('k1');
    expect((await findQuarantined(p.staging, { run }, { limit: 9 })).items).toEqual([]);
    const [item] = (await findQuarantined(p.staging, { run, status: 'conflict' }, { limit: 9 })).items;
    expect(item).toMatchObject({
      id,
      status: 'conflict',
      replayable: false,
      conflictsWith: { id: first, reference: referenceOf(first), status: 'received', position: {} },
    });
    expect(await discard({ run }, 'x', desk.deps())).toMatchObject({ found: 0 });
    expect(await replay({ ids: [id] }, desk.deps())).toMatchObject({ found: 0 });
    expect(await discard({ ids: [id] }, 'older', desk.deps())).toMatchObject({ changed: 1 });
    await desk.work();
    const { rows, verdict } = await desk.settled();
    expect(rows.find((r) => r.run === run)).toMatchObject({ conflict: 1, accepted: 0, discarded: 1 });
    expect(verdict).toBe('balanced');
    expect(await acceptConflict(id, desk.deps())).toEqual({ outcome: 'no_conflict', status: 'discarded' });
  });

  it('that is accepted becomes a complaint of its own, where it was counted as kept', async () => {
    const { first, id, run } = await clash('k2');
    const accepted = { outcome: 'accepted', id, reference: referenceOf(id) };
    expect(await acceptConflict(id, desk.deps())).toEqual(accepted);
    expect(await acceptConflict(id, desk.deps())).toEqual(accepted);
    expect(await acceptConflict(first, desk.deps())).toMatchObject({ outcome: 'no_conflict' });
    expect(await acceptConflict('c-none', desk.deps())).toEqual({ outcome: 'unknown' });
    await desk.work();
    expect((await p.gold.get(id))?.text).toContain('second');
    expect((await p.gold.get(first))?.text).toContain('first');
    const again = await p.accept([envelope(`${ANGRY} second`, 'k2')]);
    expect(again.outcomes[0]?.outcome).toBe('conflict');
    const { rows, verdict } = await desk.settled();
    expect(rows.find((r) => r.run === run)).toMatchObject({ conflict: 1, accepted: 0, transformed: 1 });
    expect(verdict).toBe('balanced');
    // A receipt that a crash left open counts it as what it came as.
    const receipt = (await p.staging.receiptsOf(run).toArray())[0];
    expect(receipt && (await recount(p.staging, receipt)).counts).toMatchObject({ accepted: 0, kept: 1 });
  });

  it('whose raw piece is cut can not be accepted', async () => {
    const first = await p.accept([envelope('whole', 'k3')]);
    const reason = { code: 'too_large' as const, detail: '300 KiB' };
    await p.accept([{ ...envelope('cut', 'k3'), reason }]);
    const [kept] = await p.staging.conflictsOf(idOf(first));
    expect(await acceptConflict(kept?._id ?? '', desk.deps())).toEqual({
      outcome: 'cut',
      reason: 'too_large',
    });
  });
});

describe('looking', () => {
  it('finds by every condition, page by page', async () => {
    const accepted = await p.accept(
      [...'abc'].map((c) => row(`${c}9`, 'never', ANGRY)),
      'calls',
    );
    await desk.work(desk.feedWith('words', 'YYYY-MM-DD'));
    const { run } = accepted;
    const count = async (filter: QuarantineFilter) =>
      (await countQuarantined(p.staging, matchOf({ run, ...filter }))).total;
    const [record] = await p.staging.sealedByIds([idOf(accepted)]);
    const at = record?.receivedAt ?? new Date();
    const later = new Date(at.getTime() + 1);
    expect(await count({})).toBe(3);
    expect(await count({ feed: 'calls', reason: 'bad_date', status: 'quarantined' })).toBe(3);
    expect(await count({ from: at, to: later })).toBe(3);
    expect(await count({ to: at })).toBe(0);
    expect(await count({ from: later })).toBe(0);
    for (const none of [{ feed: 'api' }, { reason: 'no_text' }, { status: 'failed' }] as const)
      expect(await count(none)).toBe(0);
    expect(await count({ ids: accepted.outcomes.slice(1).map((o) => o.id) })).toBe(2);
    const seen: string[] = [];
    let after: { at: Date; id: string } | undefined;
    do {
      const page = await findQuarantined(p.staging, { run }, { limit: 2, after });
      seen.push(...page.items.map((i) => i.id));
      after = page.next;
    } while (after);
    expect(seen.sort()).toEqual(accepted.outcomes.map((o) => o.id).sort());
    expect(JSON.stringify(await findQuarantined(p.staging, { run }, { limit: 9 }))).not.toContain('network');
  });

  it('finds what is only in staging by its reference', async () => {
    const accepted = await p.accept([envelope('', 'ref1'), envelope(ANGRY, 'ref2')]);
    const [bad, waiting] = accepted.outcomes;
    expect((await p.staging.find(waiting?.reference ?? ''))?._id).toBe(waiting?.id);
    await desk.work();
    const typed = bad?.reference.toLowerCase().replaceAll('-', ' ') ?? '';
    expect(await p.staging.find(typed)).toMatchObject({ _id: bad?.id, status: 'quarantined' });
    expect(await p.staging.find(referenceOf('c-none'))).toBeNull();
  });

  it('opens no record to count or to make a batch, and begins a page where the last one ended', async () => {
    const { run } = await p.accept(
      Array.from({ length: 300 }, (_, i) => row(`i${i}`, 'never', ANGRY)),
      'calls',
    );
    await desk.work(desk.feedWith('words', 'YYYY-MM-DD'));
    const staging = p.store.db.collection('staging');
    const hint = INDEXES.find((i) => i.why === 'quarantine by page and its counts')?.key as object;
    type Stats = { executionStats: { totalDocsExamined: number; totalKeysExamined: number } };
    const statsOf = async (match: object): Promise<Stats['executionStats']> => {
      const cursor = staging.find(match, { hint, projection: { receivedAt: 1, reason: 1 } });
      const explained = await cursor.sort({ receivedAt: -1, _id: -1 }).limit(500).explain('executionStats');
      return (explained as Stats).executionStats;
    };
    for (const match of [
      matchOf({ reason: 'bad_date' }),
      matchOf({ run, feed: 'calls' }),
      matchOf({ run, status: 'quarantined' }),
    ]) {
      expect((await statsOf(match)).totalDocsExamined).toBe(0);
      expect((await countQuarantined(p.staging, match)).total).toBeGreaterThanOrEqual(300);
    }
    const end = { at: new Date(0), id: '' };
    expect(await statsOf(matchOf({}, undefined, end))).toMatchObject({
      totalKeysExamined: 0,
      totalDocsExamined: 0,
    });
    const group = { $group: { _id: { status: '$status', feed: '$feed', reason: '$reason' } } };
    const counting = await staging
      .aggregate([{ $match: matchOf({}) }, group], { hint })
      .explain('queryPlanner');
    expect(JSON.stringify(counting)).toMatch(/PROJECTION_COVERED/);
    const stands = { status: { $in: [...QUARANTINE_STATUSES] } };
    for (const match of [{ conflictsWith: 'c-none' }, { reference: 'none', ...stands }]) {
      const plan = JSON.stringify(await staging.find(match).explain('queryPlanner'));
      expect(plan).toMatch(new RegExp(`"IXSCAN".*"${Object.keys(match)[0]}"`));
    }
  });
});
