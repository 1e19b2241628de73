import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../../../src/governance/privacy/redact.js';
import { clusters, normalised, resembling } from '../../../src/inference/evaluation/resemble.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import { hashOf } from '../../../src/inference/manifest.js';
import { modelText } from '../../../src/inference/transformer/text.js';
import { cleanText } from '../../../src/transform/steps/clean.js';
import type { Sets } from './sets.js';

/** What a row is used for. `select` chooses thresholds and is trained on at the end, like `train`. */
export type Part = 'train' | 'select' | 'dev' | 'holdout' | 'test' | 'plain';

/** A line of rows.jsonl: text as the model reads it, labels (absent for `plain`), and its near-duplicate cluster. */
export type PreparedRow = {
  readonly part: Part;
  readonly id: string;
  readonly source: string;
  readonly channel: string;
  readonly language: string;
  readonly cluster: number;
  readonly retweet: boolean;
  readonly text: string;
  readonly labels?: Pick<Row, 'category' | 'second' | 'sentiment' | 'complaint' | 'urgency'>;
};

export type Plan = {
  readonly rows: readonly PreparedRow[];
  /** Rows that resemble a dev or test text, left out. */
  readonly left: Readonly<Record<'train' | 'written' | 'plain', number>>;
};

const SALT = 'redress-transformer-1';
const SELECT = 1_300;
const HOLDOUT = 600;
/** Texts of a cluster stay on one side. */
const TOGETHER = 0.5;
/** Where numbers without a country code are from. */
const REGIONS: Readonly<Record<string, CountryCode>> = { sentitel: 'UG', fcc: 'US', us_isp: 'US' };

/** A text on its way to the model, as in the product. */
const seen = (text: string, source: string): string =>
  modelText(redactText(cleanText(text), REGIONS[source] ?? 'NG'));

/** What stands in a prepared text for something that a message is not known by. */
const STANDS_FOR = /\[[A-Z]+\]|\b(?:user|url)\b/g;
/** A text by its words alone, as it was written and as the model reads it; equal in either, they are the same message. */
function keysOf(text: string, source: string): string[] {
  const read = normalised(seen(text, source).replace(STANDS_FOR, ' '));
  return [...new Set([normalised(text), read])].filter((key) => key !== '');
}

type Said = { readonly text: string; readonly source: string };

/** Numbers of the texts that equal or resemble one that is held back, however short they are. */
function leaking(texts: readonly Said[], held: readonly Said[]): Set<number> {
  const found = resembling(
    texts.map((t) => t.text),
    held.map((t) => t.text),
  );
  const keys = new Set(held.flatMap((t) => keysOf(t.text, t.source)));
  texts.forEach(({ text, source }, i) => {
    if (keysOf(text, source).some((key) => keys.has(key))) found.add(i);
  });
  return found;
}

const order = (key: string): string => hashOf(`${SALT}\n${key}`);

/** Numbers of whole clusters, by a hash of their first text, until at least `count` rows are drawn. */
function draw(texts: readonly string[], of: readonly number[], may: (i: number) => boolean, count: number) {
  const members = new Map<number, number[]>();
  of.forEach((c, i) => {
    const list = members.get(c);
    if (list) list.push(i);
    else members.set(c, [i]);
  });
  const drawn = new Set<number>();
  const sorted = [...members].map(([c, list]) => ({ list, key: order(texts[c] ?? '') }));
  sorted.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { list } of sorted) {
    if (drawn.size >= count) break;
    if (list.every(may)) for (const i of list) drawn.add(i);
  }
  return drawn;
}

/** Draws `count` rows of each stratum's share, whole clusters at a time. */
function drawBy(rows: readonly Row[], of: readonly number[], count: number): Set<number> {
  const texts = rows.map((r) => r.text);
  const strata = new Map<string, number>();
  const key = (r: Row) => `${r.language}/${r.channel}`;
  for (const r of rows) strata.set(key(r), (strata.get(key(r)) ?? 0) + 1);
  const drawn = new Set<number>();
  for (const [stratum, size] of [...strata].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const share = Math.round((count * size) / rows.length);
    const may = (i: number) => key(rows[i] as Row) === stratum && !drawn.has(i);
    for (const i of draw(texts, of, may, share)) drawn.add(i);
  }
  return drawn;
}

/**
 * Says what each message is used for: the ban list first (nothing equal to or resembling a dev or test text of any set,
 * nor a held-out written one, is trained on), then 600 written rows held out by language and channel and 1,300 real rows
 * to choose on, whole near-duplicate clusters at a time. Same input, same plan.
 */
export function plan(sets: Sets): Plan {
  const written = sets.written.flatMap((f) => f.rows);
  const writtenOf = clusters(
    written.map((r) => r.text),
    TOGETHER,
  );
  const holdout = drawBy(written, writtenOf, HOLDOUT);

  const ban: Said[] = [
    ...sets.dev.rows,
    ...sets.test.rows,
    ...sets.banned.flatMap((f) => f.rows.map((text) => ({ text, source: f.name }))),
    ...written.filter((_, i) => holdout.has(i)),
  ];
  const real = [...sets.train.rows, ...sets.more.rows];
  const plainTexts = sets.plain.flatMap((f) =>
    f.rows.map((text, i) => ({ text, source: f.name, id: `${f.name}:${i + 2}` })),
  );
  const bannedReal = leaking(real, ban);
  const bannedWritten = leaking(written, ban);
  const bannedPlain = leaking(plainTexts, ban);

  const kept = real.filter((_, i) => !bannedReal.has(i));
  const keptTexts = kept.map((r) => r.text);
  const realOf = clusters(keptTexts, TOGETHER);
  const select = draw(keptTexts, realOf, () => true, SELECT);

  const row = (part: Part, r: Row, cluster: number): PreparedRow => ({
    part,
    id: r.id ?? r.at,
    source: r.source,
    channel: r.channel,
    language: r.language,
    cluster,
    retweet: /^RT\b/.test(r.text),
    text: seen(r.text, r.source),
    labels: {
      category: r.category,
      second: r.second,
      sentiment: r.sentiment,
      complaint: r.complaint,
      urgency: r.urgency,
    },
  });
  const measured = (part: Part, rows: readonly Row[]) => {
    const of = clusters(
      rows.map((r) => r.text),
      TOGETHER,
    );
    return rows.map((r, i) => row(part, r, of[i] as number));
  };
  const writtenRows = written.map((r, i) =>
    row(holdout.has(i) ? 'holdout' : 'train', r, writtenOf[i] as number),
  );
  return {
    rows: [
      ...kept.map((r, i) => row(select.has(i) ? 'select' : 'train', r, realOf[i] as number)),
      ...writtenRows.filter((r, i) => r.part === 'holdout' || !bannedWritten.has(i)),
      ...measured('dev', sets.dev.rows),
      ...measured('test', sets.test.rows),
      ...plainTexts
        .filter((_, i) => !bannedPlain.has(i))
        .map(
          ({ text, source, id }): PreparedRow => ({
            part: 'plain',
            id,
            source,
            channel: 'x',
            language: 'unknown',
            cluster: -1,
            retweet: false,
            text: seen(text, source),
          }),
        ),
    ],
    left: {
      train: bannedReal.size,
      written: [...bannedWritten].filter((i) => !holdout.has(i)).length,
      plain: bannedPlain.size,
    },
  };
}
