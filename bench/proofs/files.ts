import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';
import type { Workload } from './work.js';

const DATA = join(packageRoot, '..', 'shared', 'data');

/** Public exports that are not part of the project; the rows are those that their publishers state. */
export const REAL: readonly Workload[] = [
  {
    path: join(DATA, 'comcast_fcc', 'Comcast_telecom_complaints_data.csv'),
    feed: 'comcast_fcc',
    rows: 2_224,
  },
  { path: join(DATA, 'nigerian_isp', 'merged.csv'), feed: 'nigerian_isp', rows: 1_344 },
];

/** Why the proof can't be run on these files; undefined if it can. */
export function absent(files: readonly Workload[]): string | undefined {
  const missing = files.filter((f) => !existsSync(f.path));
  return missing.length === 0
    ? undefined
    : `the files are not there: ${missing.map((f) => f.path).join(', ')}`;
}
