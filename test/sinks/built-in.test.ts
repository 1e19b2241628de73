import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outboxSink } from '../../src/sinks/outbox.js';
import { sinkStore } from '../../src/sinks/store.js';
import { ticketSink } from '../../src/sinks/tickets.js';
import { testStore } from '../support/stores.js';
import { delivery, sinkContract } from './contract.js';

const now = () => new Date();

sinkContract('the ticket queue', async () => {
  const store = await testStore();
  const sink = ticketSink({ store: sinkStore(store), now });
  return {
    sink,
    target: 'Billing',
    onePerComplaint: true,
    effects: (id) => store.db.collection('tickets').countDocuments({ delivery: id }),
    close: () => store.drop(),
  };
});

sinkContract('the outbox', async () => {
  const store = await testStore();
  const sink = outboxSink({ store: sinkStore(store), now });
  return {
    sink,
    target: '#complaints-billing',
    effects: (id) => store.db.collection<{ _id: string }>('outbox').countDocuments({ _id: id }),
    close: () => store.drop(),
  };
});

describe('tickets', () => {
  let store: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store.drop());

  it('keep what people did to them when they are sent again, and a bounded history', async () => {
    const sinks = sinkStore(store);
    const sink = ticketSink({ store: sinks, now });
    const d = delivery('Billing', {}, 'd1');
    await sink.send([d]);
    const taken = await sinks.patchTicket(d.complaintId, { status: 'taken', assignee: 'ada' }, 'desk', now());
    expect(taken).toMatchObject({ status: 'taken', assignee: 'ada' });
    for (let i = 0; i < 120; i++)
      await sinks.patchTicket(d.complaintId, { note: `note ${i}` }, 'desk', now());
    await sink.send([d]);
    const ticket = await sinks.ticket(d.complaintId);
    expect(ticket).toMatchObject({ status: 'taken', assignee: 'ada' });
    expect(ticket?.history).toHaveLength(100);
    const free = await sinks.patchTicket(d.complaintId, { assignee: null }, 'desk', now());
    expect(free?.assignee).toBeUndefined();
    expect(await sinks.patchTicket('no-such', { status: 'open' }, 'desk', now())).toBeUndefined();
  });
});
