import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { type Core, openCore } from '../../src/core.js';
import { announceWorking } from '../../src/operations/working.js';
import { openDoor } from '../../src/staging/door.js';
import { fingerprintsOf } from '../../src/transform/settings.js';
import { envelope } from '../staging/envelopes.js';
import { cleanUp, inProcess, redress, temporaryFolder } from './support/run.js';

const data = temporaryFolder();
const WHO = `cli:${userInfo().username}`;
const SECRET = 'Ada 08031234567\u001b[31m';
const quarantine = (...args: readonly string[]) => redress('quarantine', ...args, '--data', data);
let ids: string[] = [];
let kept = '';

/** Owns the engines, so that the commands attach to them as beside a running service. */
let core: Core;
beforeAll(async () => {
  const config = loadConfig({ env: {}, flags: { 'data.dir': data, 'log.level': 'silent' } });
  core = await openCore({ config, owner: 'service' });
  const reason = (code: 'bad_encoding' | 'too_large') => ({ reason: { code, detail: 'column words' } });
  const format = { kind: 'csv', headings: ['words'], delimiter: ',', encoding: 'windows-1252' } as const;
  const oldRow = { format, raw: Buffer.from('5 \x80 \x93gone\x94', 'latin1') };
  const part = {
    run: 'run-1',
    feed: 'api',
    source: 'api',
    lane: 'live',
    route: 'auto',
    firstSeq: 0,
  } as const;
  const { staging: store, cipher, now } = core;
  const door = openDoor(part, { store, cipher, now, onReceipt: () => {} });
  const outcomes = await door.accept([
    { ...envelope(SECRET, 'a'), ...reason('bad_encoding') },
    { ...envelope(SECRET, 'b'), ...reason('bad_encoding') },
    { ...envelope(SECRET, 'c'), ...reason('too_large') },
    envelope('another', 'a'),
  ]);
  await door.close();
  const other = openDoor({ ...part, run: 'run-old' }, { store, cipher, now, onReceipt: () => {} });
  outcomes.push(
    ...(await other.accept([{ ...envelope('', 'w', 'old'), ...oldRow, ...reason('bad_encoding') }])),
  );
  await other.close();
  ids = outcomes.map((o) => o.id);
  kept = (await store.conflictsOf(ids[0] ?? ''))[0]?._id ?? '';
});
afterAll(async () => {
  await core?.close();
  await cleanUp();
});

describe('quarantine', () => {
  it.each([['list'], ['replay', '--dry-run'], ['discard', '--dry-run', '--why', 'test']])(
    '%s of a feed that is none names the nearest instead of finding nothing',
    async (...args) => {
      const { code, err } = await quarantine(...args, '--feed', 'call_center');
      expect(code).toBe(1);
      expect(err).toContain('There is no feed "call_center"');
      expect(err).toContain('call_centre');
    },
  );

  it('list shows where, why and what to do, and nothing of what the records say', async () => {
    const { code, out, err } = await quarantine('list', '--feed', 'api', '--from', '1h', '--json');
    expect(code).toBe(0);
    const { items, counts } = JSON.parse(out);
    expect(items.map((i: { id: string }) => i.id).sort()).toEqual(ids.slice(0, 3).sort());
    expect(counts).toMatchObject({ total: 3, byReason: { bad_encoding: 2, too_large: 1 } });
    expect(err).toContain('by reason: bad_encoding 2, too_large 1');
    expect(err).toMatch(/What to do\n.*bad_encoding .*then replay/);
    expect(out + err).not.toMatch(/Ada|08031234567|"raw"/);
    const conflicts = await quarantine('list', '--conflicts', '--json');
    expect(JSON.parse(conflicts.out).items).toMatchObject([{ id: kept, conflictsWith: { id: ids[0] } }]);
    expect(conflicts.err).toContain('disagrees with');
  });

  it('show opens the raw piece only when told to, after the audit knows, and for no terminal to obey', async () => {
    const closed = await quarantine('show', ids[0] ?? '', '--json');
    expect(closed.code).toBe(0);
    expect(closed.out + closed.err).not.toMatch(/Ada|08031234567/);
    const { reference } = JSON.parse(closed.out);
    const { code, out, err } = await quarantine('show', reference.toLowerCase(), '--raw', '--json');
    expect(code).toBe(0);
    expect(err).toContain('PERSONAL DATA');
    expect(err).toContain('08031234567');
    expect(err).not.toContain('\u001b');
    const { raw } = JSON.parse(out);
    expect(JSON.parse(Buffer.from(raw.base64, 'base64').toString())).toEqual({ text: SECRET });
    const audit = await core.operations.recentAudit(9);
    expect(audit.filter((a) => a.action === 'raw_opened')).toMatchObject([{ by: WHO, target: ids[0] }]);
    const old = await quarantine('show', ids[4] ?? '', '--raw', '--json');
    expect(JSON.parse(old.out).raw.text).toBe('5 € “gone”');
    const none = await quarantine('show', 'c-none');
    expect({ code: none.code, out: none.out }).toEqual({ code: 1, out: '' });
  });

  it('replay is refused while a process works by other settings than the file has', async () => {
    const { feeds, others } = fingerprintsOf(core);
    const other = { feeds: { ...feeds, api: 'ffffffff' }, others };
    const working = await announceWorking(other, { store: core.operations, now: core.now });
    const refused = await quarantine('replay', '--id', ids[0] ?? '');
    expect({ code: refused.code, out: refused.out }).toEqual({ code: 1, out: '' });
    expect(refused.err).toContain(`Process ${process.pid}, started`);
    expect(refused.err).toContain(
      `feed api of then (ffffffff); config/sources.yaml now has others (${feeds.api})`,
    );
    const dry = await quarantine('replay', '--id', ids[0] ?? '', '--dry-run');
    expect({ code: dry.code, told: dry.err.includes('ffffffff') }).toEqual({ code: 0, told: true });
    await working.close();
    expect(await core.staging.get(ids[0] ?? '')).toMatchObject({ status: 'quarantined' });
  });

  it('replay says what it would do, does it, and says what can not be', async () => {
    const dry = await quarantine('replay', '--run', 'run-1', '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toEqual({
      dryRun: true,
      found: 3,
      changed: 0,
      notReplayable: { too_large: 1 },
    });
    expect(dry.err).toContain('2 records would be replayed. Nothing was changed.');
    const done = await quarantine('replay', '--id', ids[0] ?? '', '--json');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ found: 1, changed: 1 });
    const again = await quarantine('replay', '--id', ids[0] ?? '');
    expect(again.code).toBe(1);
    expect(again.err).toContain('1 id named but not found');
    const cut = await quarantine('replay', '--id', ids[2] ?? '');
    expect(cut.code).toBe(1);
    expect(cut.err).toContain('1 can not be replayed (too_large)');
  });

  it('discard keeps the reason, redacted; accept makes the conflict a record of its own', async () => {
    const why = 'test row, ask 08031234567';
    const done = await quarantine(
      'discard',
      '--feed',
      'api',
      '--reason',
      'bad_encoding',
      '--why',
      why,
      '--json',
    );
    expect(JSON.parse(done.out)).toMatchObject({ found: 1, changed: 1 });
    const shown = await quarantine('show', ids[1] ?? '', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      status: 'discarded',
      decided: { by: WHO, why: 'test row, ask [PHONE]' },
    });
    const accepted = await quarantine('accept', kept, '--json');
    expect(JSON.parse(accepted.out)).toMatchObject({ id: kept });
    expect((await quarantine('accept', 'c-none')).code).toBe(1);
    const statuses = await core.staging.sealedByIds([...ids.slice(0, 4), kept]);
    expect(Object.fromEntries(statuses.map((r) => [r._id, r.status]))).toEqual({
      [ids[0] ?? '']: 'received',
      [ids[1] ?? '']: 'discarded',
      [ids[2] ?? '']: 'quarantined',
      [kept]: 'received',
    });
  });

  it.each([
    [['replay'], 'name which records'],
    [['discard', '--why', 'x'], 'name which records'],
    [['discard', '--feed', 'api'], '--why'],
    [['discard', '--feed', 'api', '--why', ' '], '1 to 1024 characters'],
    [['list', '--reason', 'none'], 'Allowed choices'],
    [['list', '--from', 'soon'], 'must be a day'],
    [['list', '--from', '2026-02-30'], 'must be a day'],
    [['list', '--conflicts', '--status', 'failed'], 'cannot be used with'],
  ])('%j is wrong use', async (args, words) => {
    const { code, out, err } = await inProcess('quarantine', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });
});
