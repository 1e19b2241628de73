import { basename, join, resolve } from 'node:path';
import { DATA, type Post, postsAt } from './messages.js';
import type { DemoOptions } from './options.js';
import { guessOwnFile, OWN_FEED, type OwnFile, readHead } from './own-file.js';
import type { FileToPlay } from './play.js';
import { cut, printable } from './width.js';

/** What is played. */
export type Scenario = {
  readonly posts: readonly Post[];
  readonly files: readonly FileToPlay[];
  /** Messages a second to one channel. */
  readonly slackRate: number;
  /** The user's file, if that is what is played. */
  readonly own?: { readonly path: string; readonly guess?: OwnFile };
};

/** The files of the demo: real records that are routed however old, and one with mistakes, routed as the rules say. */
export const FILES: readonly FileToPlay[] = [
  {
    name: 'call centre, real',
    how: 'import',
    path: join(DATA, 'call-centre.csv'),
    feed: 'comcast_fcc',
    route: 'always',
  },
  {
    name: 'call centre, broken',
    how: 'import',
    path: join(DATA, 'broken.csv'),
    feed: 'call_centre',
    route: 'auto',
  },
];

/** Fast enough to end in well under two minutes, slow enough that messages queue as they would at Slack. */
const DEMO_RATE = 20;
/** A file of the user's may be long. */
const OWN_RATE = 200;

/** Throws RedressError where the user's file can't be played. */
export function scenarioOf({ file, feed }: DemoOptions, cwd: string, now: Date): Scenario {
  if (file === undefined) return { posts: postsAt(now), files: FILES, slackRate: DEMO_RATE };
  const guess = feed === undefined ? guessOwnFile(file, cwd) : undefined;
  if (!guess) readHead(file, cwd);
  const path = resolve(cwd, file);
  return {
    posts: [],
    files: [
      {
        name: cut(printable(basename(path)), 24),
        how: 'import',
        path,
        feed: feed ?? OWN_FEED,
        route: 'always',
      },
    ],
    slackRate: OWN_RATE,
    own: { path, ...(guess ? { guess } : {}) },
  };
}
