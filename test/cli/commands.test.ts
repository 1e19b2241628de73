import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaintId } from '../../src/complaint/ids.js';
import { referenceOf } from '../../src/complaint/reference.js';
import { cleanUp, redress, temporaryFolder } from './support/run.js';

const folder = temporaryFolder();
const data = join(folder, 'data');
const file = join(folder, 'calls.csv');
const id = complaintId({
  feed: 'call_centre',
  identity: { kind: 'sender', space: 'ticket_id', value: 'T1' },
  content: [],
});

beforeAll(async () => {
  mkdirSync(data);
  writeFileSync(
    file,
    'ticket_id,customer_phone,complaint,opened_at,channel,city,status\nT1,08035550001,no network,2026-11-25 09:30,Phone,Ikeja,Open\n',
  );
  expect((await redress('import', file, '--feed', 'call_centre', '--data', data)).code).toBe(0);
});
afterAll(cleanUp);

describe('keys', () => {
  it('are shown once, listed without their secret, and revoked', async () => {
    const made = await redress(
      'keys',
      'create',
      '--name',
      'BI',
      '--scopes',
      'read,ingest',
      '--data',
      data,
      '--json',
    );
    const key = JSON.parse(made.out) as { id: string; key: string; scopes: string[] };
    expect(key.scopes).toEqual(['read', 'ingest']);
    expect(key.key).toMatch(/^rdk_/);
    const list = await redress('keys', 'list', '--data', data, '--json');
    expect(JSON.parse(list.out)).toMatchObject([{ id: key.id, name: 'BI' }]);
    expect(list.out + list.err).not.toContain(key.key.slice(17));
    expect(list.out).not.toContain('hash');
    expect((await redress('keys', 'revoke', key.key, '--data', data)).code).toBe(0);
    const again = await redress('keys', 'revoke', key.id, '--data', data);
    expect(again.code).toBe(1);
    expect(again.err).toContain('no valid key');
  });
});

describe('complaint', () => {
  it('that waits to be transformed is shown with where it came from, and nothing of its raw piece', async () => {
    const { code, out, err } = await redress('complaint', id, '--data', data, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      id,
      staging: { status: 'received', position: { kind: 'file', index: 1, line: 2 } },
      run: { kind: 'import', status: 'success' },
      deliveries: [],
    });
    expect(err).toContain('calls.csv');
    expect(out + err).not.toMatch(/08035550001|no network|"raw"/);
  });

  it.each([
    ['c000000000000000000000000', 'Give the id'],
    [referenceOf('c000000000000000000000000'), 'by its id only'],
    ['7K3M9-QX2TA-0', 'check letter is wrong'],
  ])('%s is not there: exit code 1 and what to try', async (typed, words) => {
    const { code, out, err } = await redress('complaint', typed, '--data', data);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
  });
});

it.each([
  [['outbox'], 'The outbox is empty.'],
  [['tickets', 'list', '--team', 'billing'], 'There is no such ticket.'],
  [['alarms'], 'No alarm is open.'],
])('%j with nothing to show says so', async (args, words) => {
  const { code, out, err } = await redress(...args, '--data', data, '--json');
  expect({ code, out }).toEqual({ code: 0, out: '[]\n' });
  expect(err).toContain(words);
});

it('a reader that goes away ends a command as it ends any other in a pipe, without an error', () => {
  const entry = fileURLToPath(new URL('../../src/cli/index.js', import.meta.url));
  const line = `"${process.execPath}" "${entry}" config --json --data "${data}" | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  expect(stdout).toBe('141\n');
  expect(stderr).not.toMatch(/EPIPE|Error/);
});

it('audit shows who made a key', async () => {
  await redress('keys', 'create', '--name', 'partner', '--scopes', 'read', '--data', data);
  const { code, out } = await redress('audit', '--data', data, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)[0]).toMatchObject({ by: `cli:${userInfo().username}`, action: 'key_created' });
});
