import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { thisProcess } from '../../src/operations/owner.js';
import { operationsStore } from '../../src/operations/store.js';
import { announceWorking, workingNow } from '../../src/operations/working.js';
import { fingerprintsOf } from '../../src/transform/settings.js';
import { startTestService, type TestService } from '../support/service.js';
import { testStore } from '../support/stores.js';

describe('processes that work on records', () => {
  let store: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store.drop());

  it('are known until they end, are gone from this machine, or were silent for long', async () => {
    const operations = operationsStore(store);
    const deps = { store: operations, now: () => new Date('2026-11-25T10:00:00Z') };
    const working = await announceWorking({ feeds: { calls: 'abc' }, others: 'def' }, deps);
    expect(await workingNow(operations)).toMatchObject([
      { owner: { pid: process.pid }, feeds: { calls: 'abc' }, others: 'def', since: deps.now() },
    ]);
    const here = thisProcess();
    const rest = { since: deps.now(), feeds: {}, others: '' };
    await operations.putWorking({ _id: 'works:gone', owner: { ...here, began: '1' }, ...rest });
    await operations.putWorking({ _id: 'works:elsewhere', owner: { ...here, place: 'other 1' }, ...rest });
    expect((await workingNow(operations)).map((w) => w._id).sort()).toEqual(
      [`works:${here.place}:${here.pid}`, 'works:elsewhere'].sort(),
    );
    expect(await operations.working(-1)).toEqual([]);
    await working.close();
    expect((await workingNow(operations)).map((w) => w._id)).toEqual(['works:elsewhere']);
  });
});

describe('a service', () => {
  let running: TestService;
  afterAll(() => running?.drop());

  it('says by which settings it works, if it works', async () => {
    running = await startTestService();
    const { operations } = running.service;
    const [working, ...others] = await workingNow(operations);
    expect(others).toEqual([]);
    expect(working).toMatchObject(fingerprintsOf(running.service));
    await running.drop();
    running = await startTestService({ REDRESS_ROLES: 'api' });
    expect(await workingNow(running.service.operations)).toEqual([]);
  });
});
