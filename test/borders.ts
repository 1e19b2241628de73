import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

type Border = {
  readonly name: string;
  /** Files the border is around. */
  readonly inside: RegExp;
  /** What they may not import: a path from the root, or a package. */
  readonly not: RegExp;
  readonly unless?: RegExp;
  /** Why, and what to do instead. */
  readonly why: string;
};

const STAGES = 'staging|transform|gold|routing|sinks|operations|governance';

/** The borders of docs/DESIGN.md; each explains itself to whoever runs into it. */
export const BORDERS: readonly Border[] = [
  {
    name: 'the core does not know its edges',
    inside: /^src\/(?!main\.ts)/,
    not: /^(routes|workers|stand-ins|demo|bench|test)\//,
    unless: /^src\/cli\//,
    why: 'src/ must run without HTTP and without queues. Only src/main.ts (the composition root) puts routes and workers together.',
  },
  {
    name: 'routes and workers do not know each other',
    inside: /^routes\//,
    not: /^(workers|stand-ins|demo|bench|test)\/|^bullmq$|^mongodb$|^ioredis$/,
    why: 'A route reaches stores and queues through src/: what it needs belongs into a function there.',
  },
  {
    name: 'workers are thin',
    inside: /^workers\//,
    not: /^(routes|stand-ins|demo|bench|test)\/|^fastify|^mongodb$|^bullmq$|^ioredis$/,
    why: 'A worker hands a payload to src/. Queues come from src/queue, so that every job is in the catalogue.',
  },
  {
    name: 'the vocabulary stands alone',
    inside: /^src\/complaint\//,
    not: /^(?!src\/complaint\/|node:|zod$)/,
    why: 'src/complaint is what every part agrees on; it imports zod and node only.',
  },
  {
    name: 'MongoDB is spoken in one store.ts per stage',
    inside: /^(src|routes|workers)\//,
    not: /^mongodb$/,
    unless: /^src\/(store\/|[a-z]+\/store\.ts$|operations\/ledger\/store\.ts$|staging\/(record|accept)\.ts$)/,
    why: "Add a method to the stage's store.ts, named for what it means. (staging/record and accept know the Binary type.)",
  },
  {
    name: 'BullMQ is spoken in src/queue',
    inside: /^(src|routes|workers)\//,
    not: /^bullmq$/,
    unless: /^src\/queue\//,
    why: 'Queues are in one typed catalogue (src/queue/catalogue.ts): add the job there.',
  },
  {
    name: 'Fastify stays in routes',
    inside: /^(src|workers)\//,
    not: /^(@?fastify)/,
    why: 'HTTP ends in routes/: pass values, not requests.',
  },
  ...(['staging', 'transform', 'gold', 'routing', 'sinks'] as const).map((stage) => ({
    name: `the inside of ${stage}`,
    inside: new RegExp(`^src/(${STAGES})/`),
    not: new RegExp(`^src/${stage}/(steps|align)/`),
    unless: new RegExp(`^src/${stage}/`),
    why: `Another stage uses what src/${stage} offers in its top folder, not its steps.`,
  })),
  {
    name: 'only the config module reads the environment',
    inside: /^(src|routes|workers)\/(?!config\.ts|config\/|store\/embedded\/)/,
    not: /^process\.env$/,
    why: 'Add a setting to src/config/settings.ts and pass the value down.',
  },
];

const FOLDERS = ['src', 'routes', 'workers'];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|import\('([^']+)'\)/g;

function* filesUnder(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

/** Imports of a file, relative ones as paths from the root with .ts; `process.env` if it is read. */
export function importsOf(file: string, source: string): string[] {
  const found = [...source.matchAll(IMPORT)].map((m) => (m[1] ?? m[2] ?? m[3]) as string);
  const resolved = found.map((i) =>
    i.startsWith('.') ? normalize(join(dirname(file), i)).replace(/\.js$/, '.ts') : i,
  );
  return /\bprocess\.env\b/.test(source) ? [...resolved, 'process.env'] : resolved;
}

/** Sentences about every import that crosses a border. */
export function crossings(file: string, imports: readonly string[], borders = BORDERS): string[] {
  return borders
    .filter((b) => b.inside.test(file) && !b.unless?.test(file))
    .flatMap((b) =>
      imports
        .filter((i) => b.not.test(i))
        .map((i) => `${file} imports ${i}\n  border: ${b.name}\n  why: ${b.why}`),
    );
}

export function checkBorders(root: string): { files: number; found: string[] } {
  const files = FOLDERS.flatMap((f) => [...filesUnder(join(root, f))]);
  const found = files.flatMap((path) => {
    const file = relative(root, path);
    return crossings(file, importsOf(file, readFileSync(path, 'utf8')));
  });
  return { files: files.length, found };
}
