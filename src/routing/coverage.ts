import { SOURCES } from '../complaint/aligned.js';
import { CATEGORIES, SENTIMENTS, URGENCIES } from '../complaint/labels.js';
import type { Rule, When } from './rules.js';

const CLOSED = { category: CATEGORIES, sentiment: SENTIMENTS, urgency: URGENCIES, source: SOURCES } as const;
const LISTS = ['category', 'sentiment', 'urgency', 'source', 'second', 'feed', 'place'] as const;
type ListName = (typeof LISTS)[number];

/** The complaints that satisfy some conditions: one set of values a dimension; absent = anything. */
type Box = { readonly [L in ListName]?: readonly string[] | undefined } & {
  readonly leastScore: number;
  readonly confidenceUnder: number;
};

const boxOf = (when: When): Box => ({
  ...CLOSED,
  ...Object.fromEntries(LISTS.flatMap((name) => (when[name] ? [[name, when[name]]] : []))),
  leastScore: when.negativeScoreAtLeast ?? 0,
  confidenceUnder: when.confidenceBelow ?? Number.POSITIVE_INFINITY,
});

const within = (name: ListName, outer: Box, inner: Box): boolean => {
  const wanted = outer[name];
  return wanted === undefined || (inner[name]?.every((value) => wanted.includes(value)) ?? false);
};

const contains = (outer: Box, inner: Box): boolean =>
  LISTS.every((name) => within(name, outer, inner)) &&
  outer.leastScore <= inner.leastScore &&
  outer.confidenceUnder >= inner.confidenceUnder;

/** A part of `box` that none of `boxes` is sure to catch, or undefined if together they catch all of it. */
function uncaught(box: Box, boxes: readonly Box[]): Box | undefined {
  if (boxes.some((other) => contains(other, box))) return undefined;
  const near = boxes.filter((other) => LISTS.every((name) => overlaps(name, other, box)));
  const split = LISTS.find(
    (name) => (box[name]?.length ?? 0) > 1 && near.some((other) => !within(name, other, box)),
  );
  if (split === undefined) return box;
  for (const value of box[split] ?? []) {
    const part = uncaught({ ...box, [split]: [value] }, near);
    if (part !== undefined) return part;
  }
  return undefined;
}

const overlaps = (name: ListName, a: Box, b: Box): boolean =>
  a[name] === undefined ||
  b[name] === undefined ||
  name === 'place' ||
  a[name].some((v) => b[name]?.includes(v));

type Trouble = { readonly code: string; readonly path: readonly PropertyKey[]; readonly problem: string };

/**
 * Rules that can never match because earlier ones catch everything they do, and categories (but `other`) of which a
 * negative complaint could reach no rule. Sentiment `positive` is left out of the second: such complaints are not due.
 */
export function coverageProblems(rules: readonly Rule[]): Trouble[] {
  const boxes = rules.map((rule) => boxOf(rule.when));
  const dead = boxes.flatMap((box, i): Trouble[] => {
    const earlier = boxes.slice(0, i);
    if (uncaught(box, earlier) !== undefined) return [];
    const one = earlier.findIndex((other) => contains(other, box));
    const who = one < 0 ? 'the rules before it together' : `rule "${rules[one]?.name}" before it`;
    const problem = `(rule "${rules[i]?.name}") can never match: ${who} catch${one < 0 ? '' : 'es'} everything it does`;
    return [{ code: 'dead_rule', path: ['rules', i, 'name'], problem }];
  });
  const lost = CATEGORIES.filter((category) => category !== 'other').flatMap((category): Trouble[] => {
    const negative = { ...boxOf({ category: [category] }), sentiment: ['negative', 'neutral'] };
    const gap = uncaught(negative, boxes);
    if (gap === undefined) return [];
    const details = (['sentiment', 'urgency', 'source'] as const)
      .filter((name) => gap[name]?.length === 1)
      .map((name) => `${name} ${gap[name]?.[0]}`);
    const such = details.length > 0 ? ` (${details.join(', ')})` : '';
    const problem = `leave out category "${category}": a negative complaint${such} could reach no rule and would fall to triage; add a rule for it, with no other condition, at the end`;
    return [{ code: 'category_without_rule', path: ['rules'], problem }];
  });
  return [...dead, ...lost];
}
