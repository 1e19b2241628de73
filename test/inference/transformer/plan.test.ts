import { describe, expect, it } from '@jest/globals';
import { type Part, type Plan, plan } from '../../../models/training/transformer/plan.js';
import type { Sets } from '../../../models/training/transformer/sets.js';
import { random } from '../../../src/inference/evaluation/bootstrap.js';
import type { DataFile, Row } from '../../../src/inference/evaluation/rows.js';

const next = random(5);
/** A message that resembles no other: made-up words. */
const madeUp = (): string =>
  Array.from({ length: 8 }, () =>
    Array.from({ length: 7 }, () => String.fromCharCode(97 + Math.floor(next() * 26))).join(''),
  ).join(' ');

const file = <T>(name: string, ...rows: T[]): DataFile<T> => ({ name, sha256: '', rows });
const row = (text: string, about: Partial<Row> = {}): Row => ({
  id: text,
  at: `invented:${text}`,
  text,
  source: 'sentitel',
  channel: 'unknown',
  language: 'unknown',
  category: 'network',
  second: '-',
  sentiment: 'negative',
  complaint: 'y',
  urgency: 'normal',
  ...about,
});
const written = (text: string, about: Partial<Row> = {}): Row =>
  row(text, { source: 'written', channel: 'sms', language: 'en', ...about });
const planOf = (sets: Partial<Sets>): Plan =>
  plan({
    train: file('train.csv'),
    more: file('train_more.csv'),
    dev: file('dev.csv'),
    test: file('test.csv'),
    written: [],
    plain: [],
    banned: [],
    ...sets,
  });
const trainedOn = ({ rows }: Plan): string[] =>
  rows.filter((r) => ['train', 'select', 'plain'].includes(r.part)).map((r) => r.text);
const partsOf = ({ rows }: Plan): Map<string, Part> => new Map(rows.map((r) => [r.text, r.part]));

const DEV = 'My data finished in one hour, this is theft and you know it well';
/** The same message for whoever learns it by heart. */
const LEAKS = [
  DEV,
  '@MTNNG @someone my DATA finished in 1 one hour... this is theft and you know it well!!! https://t.co/x',
  `${DEV} o`,
];

describe('what a message is used for', () => {
  it.each(['dev', 'test', 'banned'] as const)(
    'never for training, if it is or resembles one of %s',
    (set) => {
      const held = set === 'banned' ? { banned: [file('x', DEV)] } : { [set]: file(set, row(DEV)) };
      const other = madeUp();
      const made = planOf({
        train: file('train.csv', ...LEAKS.map((t) => row(t)), row(other)),
        more: file('train_more.csv', ...LEAKS.map((t) => row(t))),
        plain: [file('tweets', ...LEAKS, `${other} too`)],
        ...held,
      });
      expect(trainedOn(made)).toEqual([other, `${other} too`]);
      expect(made.left).toEqual({ train: 6, written: 0, plain: 3 });
    },
  );

  it.each([
    ['a name alone', '@the_speakable Spectranet', 'spectranet!'],
    ['two words', 'how far', 'How far??'],
    ['one that differs in accents alone', 'mechie ọnụ biko, ndị obi ọjọọ', 'mechie onu biko ndi obi ojoo'],
    [
      'one that names an operator by its handle',
      'check your dm spectranet_ng',
      'Check your DM @Spectranet_NG',
    ],
  ])('never for training, be it as short or as differently written as %s', (_, held, twin) => {
    const made = planOf({
      train: file('train.csv', row(twin)),
      plain: [file('tweets', twin)],
      dev: file('dev.csv', row(held)),
    });
    expect(trainedOn(made)).toEqual([]);
  });

  it('is one thing for all of a near-duplicate cluster, and no near-duplicate of a held-out one is trained on', () => {
    const pairs = Array.from({ length: 400 }, madeUp).map((text) => [text, `${text} o`] as const);
    const rows = pairs.flat().map((text) => written(text));
    const first = planOf({ written: [file('written', ...rows)] });
    const parts = partsOf(first);
    for (const [one, other] of pairs) expect(parts.get(one)).toBe(parts.get(other));
    const count = (part: Part): number => first.rows.filter((r) => r.part === part).length;
    expect([count('holdout'), count('train')]).toEqual([600, 200]);

    const [held] = pairs.find(([one]) => parts.get(one) === 'holdout') ?? [''];
    const made = planOf({
      written: [file('written', ...rows)],
      train: file('train.csv', row(held.toUpperCase())),
    });
    expect(made.left.train).toBe(1);
    expect(partsOf(made)).toEqual(parts);
  });

  it('is choosing on, for 1,300 real ones and the rest of their clusters; the others are trained on', () => {
    const rows = Array.from({ length: 800 }, madeUp).flatMap((text) => [row(text), row(`${text} o`)]);
    const made = planOf({ train: file('train.csv', ...rows) });
    const parts = partsOf(made);
    expect(made.rows.filter((r) => r.part === 'select')).toHaveLength(1_300);
    expect(made.rows.filter((r) => r.part === 'train')).toHaveLength(300);
    for (const { text } of rows) expect(parts.get(`${text} o`) ?? parts.get(text)).toBe(parts.get(text));
  });

  it('is held out by language and channel, whatever the language', () => {
    const rows = Array.from({ length: 1_200 }, (_, i) =>
      written(madeUp(), { language: i % 3 === 0 ? 'swa' : 'en', channel: i % 2 === 0 ? 'x' : 'sms' }),
    );
    const { rows: planned } = planOf({ written: [file('written', ...rows)] });
    const held = planned.filter((r) => r.part === 'holdout');
    const share = (language: string, channel: string): number =>
      held.filter((r) => r.language === language && r.channel === channel).length;
    expect([share('swa', 'x'), share('swa', 'sms'), share('en', 'x'), share('en', 'sms')]).toEqual([
      100, 100, 200, 200,
    ]);
  });

  it('is the same for the same input', () => {
    const rows = Array.from({ length: 700 }, () => written(madeUp()));
    const once = planOf({ written: [file('written', ...rows)] });
    expect(planOf({ written: [file('written', ...rows)] })).toEqual(once);
  });

  it('keeps labels, cleans and redacts the text, marks retweets', () => {
    const text = 'RT @someone: call 08031234567 &amp; pay ₦500';
    const [made] = planOf({ train: file('train.csv', row(text, { source: 'us_isp', id: 'a1' })) }).rows;
    expect(made).toMatchObject({ part: 'select', id: 'a1', retweet: true, language: 'unknown' });
    expect(made?.labels).toMatchObject({ category: 'network', second: '-' });
    const [local] = planOf({ train: file('train.csv', row(text, { source: 'nigerian_isp' })) }).rows;
    expect(local?.text).toBe('RT user : call [PHONE] & pay naira 500');
  });
});
