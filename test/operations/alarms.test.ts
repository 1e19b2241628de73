import { type AddressInfo, createServer as createNet } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { createAlarms } from '../../src/operations/alarms.js';
import { createMailer } from '../../src/operations/mail.js';
import { operationsStore } from '../../src/operations/store.js';
import { testStore } from '../support/stores.js';

let store: Awaited<ReturnType<typeof testStore>>;
const mails: { to: string[]; source: string }[] = [];
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    let source = '';
    stream.on('data', (chunk: Buffer) => {
      source += chunk;
    });
    stream.on('end', () => {
      mails.push({ to: session.envelope.rcptTo.map((r) => r.address), source });
      done();
    });
  },
});
let smtpUrl = '';

beforeAll(async () => {
  store = await testStore();
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  await store.drop();
});

function alarmsOn(url: string | undefined, operators = ['noc@example.net']) {
  const kept: { _id: string; subject: string }[] = [];
  const events: string[] = [];
  const mailer = createMailer({
    smtpUrl: url,
    from: 'redress@example.net',
    keep: async (m) => void kept.push(m),
  });
  const alarms = createAlarms({
    store: operationsStore(store),
    mailer,
    operators,
    now: () => new Date(),
    log: (event, fields) => void events.push(`${event} ${fields.mail ?? ''}`.trim()),
  });
  return { alarms, kept, events, close: () => mailer.close() };
}

describe('alarms', () => {
  it('are mailed once a cause, with what happened and what to do, and again after they were resolved', async () => {
    const { alarms, events, close } = alarmsOn(smtpUrl);
    await alarms.raise('destination_stopped', 'slack:#billing', 'slack:#billing answers is_archived');
    await alarms.raise('destination_stopped', 'slack:#billing', 'slack:#billing answers is_archived');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(['noc@example.net']);
    const words = mails[0]?.source.replace(/=\r\n/g, '') ?? '';
    for (const part of [
      'Subject: [redress] critical: destination_stopped:slack:#billing',
      'answers is_archived',
      'What to do: Correct the channel or token',
      'Message-ID: <',
    ])
      expect(words).toContain(part);
    expect((await operationsStore(store).openAlarms())[0]).toMatchObject({ count: 2, state: 'open' });
    await alarms.resolve('destination_stopped', 'slack:#billing');
    await alarms.raise('destination_stopped', 'slack:#billing', 'again');
    expect(mails).toHaveLength(2);
    expect(events).toEqual(['alarm_raised sent', 'alarm_resolved', 'alarm_raised sent']);
    close();
  });

  it('are kept in the outbox where no mail server is configured, or it does not answer', async () => {
    const none = alarmsOn(undefined);
    await none.alarms.raise('disk_low', '', '12 MiB free');
    expect(none.kept).toMatchObject([{ subject: '[redress] critical: disk_low' }]);
    // A port on which nothing listens any more.
    const gone = createNet();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const down = alarmsOn(`smtp://127.0.0.1:${port}`);
    await down.alarms.raise('engine_down', 'redis', 'ended 8 times');
    expect(down.kept).toHaveLength(1);
    expect(down.events).toEqual(['alarm_raised failed']);
    down.close();
  });

  it('cannot smuggle a header through a subject', async () => {
    const { alarms, close } = alarmsOn(smtpUrl);
    await alarms.raise('delivery_dead', 'slack:#x\r\nBcc: all@example.net', 'd');
    expect(mails.at(-1)?.source.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
    close();
  });
});
