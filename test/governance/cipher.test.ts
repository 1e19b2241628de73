import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createCipher } from '../../src/governance/cipher.js';
import { allows, keyChecker, newKey } from '../../src/governance/keys.js';
import { localSecrets } from '../../src/governance/secrets.js';

const home = mkdtempSync(join(tmpdir(), 'redress-secrets-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let serial = 0;
function freshFolder(): string {
  serial += 1;
  const folder = join(home, String(serial));
  mkdirSync(folder);
  return folder;
}

const keys = (...versions: number[]) => ({
  encryption: new Map(versions.map((v) => [v, Buffer.alloc(32, v)])),
  hash: Buffer.alloc(32, 7),
});

describe('cipher', () => {
  it('opens what it sealed, also after the key was rotated', () => {
    const plain = randomBytes(1000);
    const sealed = createCipher(keys(1)).seal(plain, 'c1');
    expect(createCipher(keys(1, 2)).open(sealed, 'c1')).toEqual(plain);
    expect(createCipher(keys(1, 2)).seal(plain, 'c1').readUInt16BE(0)).toBe(2);
  });

  it('does not open what was moved to another record, changed, cut, or sealed by a key that is gone', () => {
    const cipher = createCipher(keys(1));
    const sealed = cipher.seal(Buffer.from('08031234567'), 'c1');
    expect(sealed.includes('0803')).toBe(false);
    expect(cipher.open(sealed, 'c2')).toBeUndefined();
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] as number) ^ 1;
      expect(cipher.open(changed, 'c1')).toBeUndefined();
      expect(cipher.open(sealed.subarray(0, i), 'c1')).toBeUndefined();
    }
    expect(createCipher(keys(2)).open(sealed, 'c1')).toBeUndefined();
  });

  it('gives one pseudonym a number and kind, which rotation does not change', () => {
    const a = createCipher(keys(1)).pseudonym('msisdn', '+2348031234567');
    expect(createCipher(keys(1, 2)).pseudonym('msisdn', '+2348031234567')).toBe(a);
    expect(createCipher(keys(1)).pseudonym('account', '+2348031234567')).not.toBe(a);
    expect(a).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('local secrets', () => {
  it('are made once, for the owner only, and read again', () => {
    const dir = freshFolder();
    const first = localSecrets(dir);
    expect(localSecrets(dir)).toEqual(first);
    expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(first.hash).toHaveLength(32);
  });

  it.each(['', '{', '{"encryption":{"1":"AAAA"},"hash":"AAAA"}'])('refuse a damaged file: %p', (content) => {
    const dir = freshFolder();
    writeFileSync(join(dir, 'secrets.json'), content);
    expect(() => localSecrets(dir)).toThrow(/Put back the copy from your backup/);
    expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).toBe(content);
  });
});

describe('API keys', () => {
  const now = () => new Date('2026-11-25T00:00:00Z');

  it('open with their whole token only, until revoked', async () => {
    const { key, token } = newKey('partner', ['ingest'], now());
    let stored = key;
    let clock = now();
    const checker = keyChecker({ find: async (id) => (id === key._id ? stored : null), now: () => clock });
    expect(await checker.check(token)).toMatchObject({ name: 'partner' });
    for (const wrong of [
      '',
      'rdk_',
      token.slice(0, -1),
      `${token.slice(0, -1)}_`,
      token.replace('rdk', 'RDK'),
    ])
      expect(await checker.check(wrong)).toBeUndefined();
    stored = { ...key, revokedAt: now() };
    clock = new Date(clock.getTime() + 10_001);
    expect(await checker.check(token)).toBeUndefined();
    expect(JSON.stringify(key)).not.toContain(token.split('_')[2]);
  });

  it('allow their scopes; admin allows all', () => {
    expect(allows(newKey('a', ['read'], now()).key, 'desk')).toBe(false);
    expect(allows(newKey('a', ['admin'], now()).key, 'desk')).toBe(true);
  });
});
