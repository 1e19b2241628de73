import { clusters, normalised } from '../../../src/inference/evaluation/resemble.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import { hashOf } from '../../../src/inference/manifest.js';

export const SALT = 'redress-1';
/** Near-duplicates from here on stay on the same side, else the figures would flatter. */
const TOGETHER = 0.5;

export type Split = { readonly train: Row[]; readonly calibration: Row[]; readonly test: Row[] };

/** 75 % train, 15 % calibration, 10 % test, by a hash of the first text of each near-duplicate cluster. */
export function split(rows: readonly Row[]): Split {
  const parts: Split = { train: [], calibration: [], test: [] };
  const texts = rows.map((row) => row.text);
  const cluster = clusters(texts, TOGETHER);
  rows.forEach((row, i) => {
    const key = normalised(texts[cluster[i] ?? i] ?? '');
    const twentieth = Number.parseInt(hashOf(`${SALT}\n${key}`).slice(0, 8), 16) % 20;
    if (twentieth < 3) parts.calibration.push(row);
    else if (twentieth < 5) parts.test.push(row);
    else parts.train.push(row);
  });
  return parts;
}
