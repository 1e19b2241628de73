import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { resembling } from '../../../src/inference/evaluation/resemble.js';
import { random } from '../../../src/inference/evaluation/bootstrap.js';
import { seenText } from '../../../src/transform/seen.js';

const LANGUAGES = ['pcm', 'hau', 'yor', 'ibo'] as const;
const MOST = 1_000;

/** Sentiment on tweets of all kinds; the label heads were trained on none of these. Weighted F1, as the shared task has it. */
export type Tweets = Readonly<
  Record<string, { readonly rows: number; readonly leaked: number; readonly weightedF1: number }>
>;
type Tweet = { readonly tweet: string; readonly label: string };

/** F1 of each label, weighted by how many rows have it. */
export function weightedF1(is: readonly string[], said: readonly string[]): number {
  const labels = [...new Set(is)];
  const f1 = (label: string): number => {
    const hit = is.filter((x, i) => x === label && said[i] === label).length;
    const both = is.filter((x) => x === label).length + said.filter((x) => x === label).length;
    return both === 0 ? 0 : (2 * hit) / both;
  };
  const sum = labels.reduce((s, l) => s + f1(l) * is.filter((x) => x === l).length, 0);
  return Math.round((sum / Math.max(1, is.length)) * 1e4) / 1e4;
}

/** Up to MOST tweets of each test set that is there, by a seed, without those that resemble a text trained on in any way. */
export async function measureTweets(
  data: string,
  trainedOn: readonly string[],
  label: (texts: readonly string[]) => Promise<Prediction[]>,
): Promise<Tweets> {
  const out: Record<string, Tweets[string]> = {};
  for (const language of LANGUAGES) {
    const file = join(data, `afrisenti_${language}`, 'test.tsv');
    if (!existsSync(file)) continue;
    const all: Tweet[] = parse(await readFile(file), {
      columns: true,
      delimiter: '\t',
      quote: false,
      relax_column_count: true,
    });
    const next = random(1);
    const drawn = all
      .map((tweet) => ({ tweet, at: next() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, MOST)
      .map(({ tweet }) => tweet);
    const leaked = resembling(
      drawn.map((t) => t.tweet),
      trainedOn,
    );
    const kept = drawn.filter((_, i) => !leaked.has(i));
    const said = await label(kept.map((t) => seenText(t.tweet, 'NG')));
    out[language] = {
      rows: kept.length,
      leaked: leaked.size,
      weightedF1: weightedF1(
        kept.map((t) => t.label),
        said.map((p) => p.heads.sentiment.label),
      ),
    };
  }
  return out;
}
