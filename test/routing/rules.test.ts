import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SOURCES } from '../../src/complaint/aligned.js';
import { CATEGORIES, SENTIMENTS, URGENCIES } from '../../src/complaint/labels.js';
import { configDir } from '../../src/paths.js';
import { loadRouting, matchRule, parseRouting, type RoutingFacts } from '../../src/routing/rules.js';
import { thrown } from '../config/folder.js';

const path = join(configDir, 'routing.yaml');
const shipped = readFileSync(path, 'utf8');
const FACTS: RoutingFacts = {
  category: 'network',
  sentiment: 'negative',
  urgency: 'normal',
  source: 'x',
  feed: 'x',
  negativeScore: 0.9,
  confidence: 0.9,
};

const HEAD = `teams:
  a: { slack: "#a", tickets: A }
  b: { slack: C0123456789, tickets: B, sla: 4h }
triage: a
rules:
`;
/** Rules as one-line blocks, after one that catches every category but leaves what the test is about to it. */
const parse = (...rules: string[]) =>
  parseRouting(HEAD + rules.map((r) => `  - ${r}\n`).join(''), 'routing.yaml');
const fail = (...rules: string[]) => thrown(() => parse(...rules));
const ALL = '{ name: all, when: {}, team: a }';

describe('the shipped routing.yaml', () => {
  const routing = loadRouting(path);

  it('gives every category but `other` a team of its own and fraud a high priority', () => {
    const got = Object.fromEntries(
      CATEGORIES.map((category) => [category, matchRule(routing, { ...FACTS, category })]),
    );
    expect(got.fraud).toEqual({ rule: 'fraud', team: 'fraud', priority: 'high' });
    expect(got.other).toEqual({ rule: 'triage', team: 'triage', priority: 'normal' });
    expect(new Set(Object.values(got).map((match) => match.team)).size).toBe(CATEGORIES.length);
    for (const team of Object.values(routing.teams)) expect(team.slack).toBe(`#complaints-${team.name}`);
  });

  it('lets nothing negative fall to triage but `other`', () => {
    const one = <T>(words: readonly T[]) => fc.constantFrom(...words);
    fc.assert(
      fc.property(
        one(CATEGORIES),
        fc.option(one(CATEGORIES), { nil: undefined }),
        one(SENTIMENTS),
        one(URGENCIES),
        one(SOURCES),
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (category, second, sentiment, urgency, source, place, confidence) => {
          const match = matchRule(routing, {
            ...FACTS,
            category,
            second,
            sentiment,
            urgency,
            source,
            place,
            confidence,
          });
          return (match.rule === 'triage') === (category === 'other');
        },
      ),
    );
  });
});

describe('matching', () => {
  it('takes the first rule of which every condition holds', () => {
    const routing = parse(
      '{ name: unsure, when: { confidenceBelow: 0.5 }, team: b }',
      '{ name: angry, when: { category: [network, internet], negativeScoreAtLeast: 0.95 }, team: b, priority: high }',
      '{ name: lagos, when: { place: [Lagos, "Ìbàdàn"], second: billing }, team: b }',
      '{ name: feed, when: { feed: call_centre, source: call_log, urgency: high, sentiment: neutral }, team: b }',
      ALL,
    );
    const rule = (facts: Partial<RoutingFacts>) => matchRule(routing, { ...FACTS, ...facts }).rule;
    expect(rule({ confidence: 0.49 })).toBe('unsure');
    expect(rule({ confidence: 0.5 })).toBe('all');
    expect(rule({ negativeScore: 0.95 })).toBe('angry');
    expect(rule({ negativeScore: 0.95, category: 'billing' })).toBe('all');
    expect(rule({ place: 'Ikeja, LAGOS', second: 'billing' })).toBe('lagos');
    expect(rule({ place: 'ÌBÀDÀN'.normalize('NFD'), second: 'billing' })).toBe('lagos');
    expect(rule({ place: 'Lagosville', second: 'billing' })).toBe('all');
    expect(rule({ place: 'Lagos' })).toBe('all');
    expect(rule({ second: 'billing' })).toBe('all');
    expect(rule({ feed: 'call_centre', source: 'call_log', urgency: 'high', sentiment: 'neutral' })).toBe(
      'feed',
    );
    expect(rule({ feed: 'call_centre', source: 'sms', urgency: 'high', sentiment: 'neutral' })).toBe('all');
  });
});

describe('the version', () => {
  it('is 12 hex digits and changes with content only', () => {
    const base = parse(ALL).version;
    expect(base).toMatch(/^[0-9a-f]{12}$/);
    expect(parse('{ team: a, when: {   }, name: all, priority: normal } # words').version).toBe(base);
    expect(parse('{ name: all, when: {}, team: b }').version).not.toBe(base);
    expect(parseRouting(shipped.replace(/^ *#.*$/gm, ''), 'x').version).toBe(loadRouting(path).version);
  });
});

describe('mistakes', () => {
  it.each([
    [
      'team: broadband\n    priority',
      'team: brodband\n    priority',
      'names the team "brodband", which there is not. Did you mean "broadband"?',
    ],
    ['triage: triage', 'triage: nobody', '"triage" names the team "nobody"'],
    ['category: billing', 'category: biling', 'Did you mean "billing"?'],
    ['when: { category: vas_spam }', 'when: { categori: vas_spam }', 'Did you mean "category"?'],
    ['"#complaints-vas"', '#complaints-vas', 'needs quotation marks'],
    ['"#complaints-vas"', '"#Complaints VAS"', 'small letters'],
    ['sla: 1h', 'sla: 1', 'like 250ms'],
    ['name: billing\n', 'name: internet\n', 'is "internet", as rule 7 is'],
    ['name: billing\n', 'name: triage\n', 'no rule matched'],
    ['priority: high', 'priority: hihg', 'Did you mean "high"?'],
    ['triage: triage\n', '', '"triage" is missing'],
  ])('%j as %j is told with its line', (right, wrong, words) => {
    const text = shipped.replace(right, wrong);
    expect(text).not.toBe(shipped);
    const { message } = thrown(() => parseRouting(text, 'routing.yaml'));
    expect(message).toContain(words);
    expect(message).toMatch(/routing\.yaml:\d+/);
  });

  it('a feed that is not configured, if the feeds are known', () => {
    const text = `${HEAD}  - { name: f, when: { feed: call_center }, team: a }\n  - ${ALL}\n`;
    expect(thrown(() => parseRouting(text, 'routing.yaml', ['call_centre', 'api'])).message).toContain(
      'routing.yaml:6',
    );
    expect(parseRouting(text, 'routing.yaml').rules).toHaveLength(2);
  });

  it('a file that is missing', () => {
    expect(thrown(() => loadRouting('/nowhere/routing.yaml')).code).toBe('file_missing');
  });
});

describe('rules that can never match', () => {
  it.each([
    ['the same again', ALL, '{ name: r, when: {}, team: b }'],
    [
      'a subset',
      '{ name: n, when: { category: [network, internet] }, team: a }',
      '{ name: r, when: { category: network, urgency: high }, team: b }',
    ],
    [
      'a whole closed list is no condition',
      '{ name: n, when: { urgency: [low, normal, high] }, team: a }',
      '{ name: r, when: { category: network }, team: b }',
    ],
    [
      'a narrower score',
      '{ name: n, when: { negativeScoreAtLeast: 0.5 }, team: a }',
      '{ name: r, when: { negativeScoreAtLeast: 0.6 }, team: b }',
    ],
    [
      'a narrower confidence',
      '{ name: n, when: { confidenceBelow: 0.5 }, team: a }',
      '{ name: r, when: { confidenceBelow: 0.4 }, team: b }',
    ],
    [
      'a place in other letters',
      '{ name: n, when: { place: [LAGOS, Kano] }, team: a }',
      '{ name: r, when: { place: lagos }, team: b }',
    ],
  ])('%s', (_, first, second) => {
    const { code, message } = fail(first, second, ALL.replace('all', 'last'));
    expect(code).toBe('dead_rule');
    expect(message).toContain('routing.yaml:7');
    expect(message).toContain('(rule "r") can never match: rule');
  });

  it('because several before it catch it together', () => {
    const { message } = fail(
      '{ name: low, when: { category: network, urgency: [low, normal] }, team: a }',
      '{ name: high, when: { category: network, urgency: high }, team: a }',
      '{ name: r, when: { category: network, source: x }, team: b }',
      ALL,
    );
    expect(message).toContain('(rule "r") can never match: the rules before it together');
  });

  it.each([
    [
      'a wider score',
      '{ name: n, when: { negativeScoreAtLeast: 0.6 }, team: a }',
      '{ name: r, when: { negativeScoreAtLeast: 0.5 }, team: b }',
    ],
    [
      'another dimension',
      '{ name: n, when: { category: network, place: Lagos }, team: a }',
      '{ name: r, when: { category: network }, team: b }',
    ],
    [
      'every second category still leaves none',
      `{ name: n, when: { second: [${CATEGORIES.join(', ')}] }, team: a }`,
      '{ name: r, when: { category: network }, team: b }',
    ],
  ])('but not %s', (_, first, second) => {
    expect(parse(first, second, ALL).rules).toHaveLength(3);
  });
});

describe('categories without a rule', () => {
  const but = (category: string) => CATEGORIES.filter((c) => c !== category).join(', ');

  it('are told', () => {
    const { code, message } = fail(`{ name: r, when: { category: [${but('billing')}] }, team: a }`);
    expect(code).toBe('category_without_rule');
    expect(message).toContain('leave out category "billing"');
  });

  it('also where only some complaints of it would be left out, with an example', () => {
    const { message } = fail(
      `{ name: r, when: { category: [${but('billing')}] }, team: a }`,
      '{ name: s, when: { category: billing, urgency: [low, high] }, team: a }',
    );
    expect(message).toContain('leave out category "billing": a negative complaint (urgency normal)');
  });

  it('`other` may go to triage, and rules together may cover a category', () => {
    const routing = parse(
      `{ name: r, when: { category: [${CATEGORIES.filter((c) => c !== 'billing' && c !== 'other').join(', ')}] }, team: a }`,
      '{ name: s, when: { category: billing, urgency: high }, team: b }',
      '{ name: t, when: { category: billing, urgency: [low, normal], sentiment: [negative, neutral] }, team: a }',
    );
    expect(matchRule(routing, { ...FACTS, category: 'other' })).toMatchObject({ rule: 'triage', team: 'a' });
  });
});
