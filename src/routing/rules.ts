import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Source } from '../complaint/aligned.js';
import { SOURCES } from '../complaint/aligned.js';
import {
  CATEGORIES,
  type Category,
  SENTIMENTS,
  type Sentiment,
  URGENCIES,
  type Urgency,
} from '../complaint/labels.js';
import { didYouMean } from '../complaint/nearest.js';
import { Duration } from '../config/duration.js';
import { FeedName } from '../config/feeds.js';
import { deepFreeze } from '../config/freeze.js';
import { type Problem, raise } from '../config/problems.js';
import { closed, line, oneOf, oneOrMany, Share } from '../config/schemas.js';
import { checkYaml, parseYaml, problemAt, readText, type YamlFile } from '../config/yaml.js';
import { coverageProblems } from './coverage.js';

const fold = (text: string): string => text.normalize('NFC').trim().toLowerCase();

const TeamSchema = closed({
  slack: line(81).regex(
    /^(#[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$/u,
    'must be a channel like "#complaints-billing" (in quotation marks, small letters) or a channel id',
  ),
  tickets: line(80),
  email: line(320)
    .regex(/^[^\s<>@,]+@[^\s<>@,]+$/, 'must be an e-mail address')
    .optional(),
  sla: Duration(60_000).optional(),
  hours: line(80).optional(),
  owner: line(120).optional(),
});

const When = closed({
  category: oneOrMany(oneOf(CATEGORIES)).optional(),
  second: oneOrMany(oneOf(CATEGORIES)).optional(),
  sentiment: oneOrMany(oneOf(SENTIMENTS)).optional(),
  urgency: oneOrMany(oneOf(URGENCIES)).optional(),
  source: oneOrMany(oneOf(SOURCES)).optional(),
  feed: oneOrMany(FeedName).optional(),
  place: oneOrMany(line(200).transform(fold)).optional(),
  negativeScoreAtLeast: Share.optional(),
  confidenceBelow: Share.optional(),
});
/** Conditions of a rule: all must hold; within a list any. */
export type When = Readonly<z.output<typeof When>>;

const Priority = oneOf(['normal', 'high']);
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be 1 to 60 of a-z, 0-9 and -');
const RoutingFile = closed({
  teams: z.record(Name, TeamSchema),
  triage: Name,
  rules: z
    .array(closed({ name: Name, when: When, team: Name, priority: Priority.optional() }), 'must be a list')
    .max(500),
});
type RoutingFile = z.output<typeof RoutingFile>;

/** `sla` in ms from receivedAt. */
export type Team = Readonly<z.output<typeof TeamSchema>> & { readonly name: string };
export type Rule = {
  readonly name: string;
  readonly when: When;
  readonly team: string;
  readonly priority: 'normal' | 'high';
};

export type Routing = {
  /** 12 hex digits of the sha256 of what the file says (comments, spacing and the order of teams do not count). */
  readonly version: string;
  readonly teams: Readonly<Record<string, Team>>;
  /** Team of what no rule matches and of what the model is unsure about. */
  readonly triage: string;
  readonly rules: readonly Rule[];
};

/** What a rule can ask about. */
export type RoutingFacts = {
  readonly category: Category;
  readonly second?: Category | undefined;
  readonly sentiment: Sentiment;
  readonly urgency: Urgency;
  readonly source: Source;
  readonly feed: string;
  readonly place?: string | undefined;
  readonly negativeScore: number;
  /** Of the category. */
  readonly confidence: number;
};

/** `rule` is `triage` where none matched. */
export type Match = Pick<Rule, 'team' | 'priority'> & { readonly rule: string };

/** First match wins. Pure: the same facts and version always give the same answer. */
export function matchRule(routing: Routing, facts: RoutingFacts): Match {
  const rule = routing.rules.find(({ when }) => matches(when, facts));
  return rule === undefined
    ? { rule: 'triage', team: routing.triage, priority: 'normal' }
    : { rule: rule.name, team: rule.team, priority: rule.priority };
}

function matches(when: When, facts: RoutingFacts): boolean {
  const any = <T>(wanted: readonly T[] | undefined, is: T | undefined) =>
    wanted === undefined || (is !== undefined && wanted.includes(is));
  return (
    any(when.category, facts.category) &&
    any(when.second, facts.second) &&
    any(when.sentiment, facts.sentiment) &&
    any(when.urgency, facts.urgency) &&
    any(when.source, facts.source) &&
    any(when.feed, facts.feed) &&
    (when.place === undefined || isThere(when.place, facts.place ?? '')) &&
    facts.negativeScore >= (when.negativeScoreAtLeast ?? 0) &&
    (when.confidenceBelow === undefined || facts.confidence < when.confidenceBelow)
  );
}

/** "Ikeja, Lagos" is in Lagos, in Ikeja and in "Ikeja, Lagos"; case does not matter. */
function isThere(wanted: readonly string[], place: string): boolean {
  const folded = fold(place);
  return [folded, ...folded.split(',').map((part) => part.trim())].some((part) => wanted.includes(part));
}

/** `file` is how errors call the text; `feeds`, if given, are the names a rule may use. */
export function parseRouting(text: string, file: string, feeds?: Iterable<string>): Routing {
  const yaml = parseYaml(text, file);
  const said = checkYaml(yaml, RoutingFile);
  raise(nameProblems(yaml, said, feeds === undefined ? undefined : [...feeds]));
  const rules = said.rules.map(({ priority = 'normal', ...rule }) => ({ ...rule, priority }));
  raise(coverageProblems(rules).map((p) => problemAt(yaml, p.path, p.problem, p.code)));
  const teams = Object.fromEntries(
    Object.entries(said.teams).map(([name, team]) => [name, { name, ...team }]),
  );
  const content = { teams, triage: said.triage, rules };
  return deepFreeze({ version: versionOf(content), ...content });
}

/** The rules of routing.yaml. `shown` is how errors call the file. Throws a RedressError with file and line. */
export function loadRouting(
  path: string,
  options: { shown?: string; feeds?: Iterable<string> } = {},
): Routing {
  const { shown = path, feeds } = options;
  const text = readText(path, shown);
  if (text === undefined) {
    const fix = 'Put it back from the package (config/routing.yaml), or name the right folder.';
    raise([
      { code: 'file_missing', where: shown, problem: 'There is no such file; it says who gets what.', fix },
    ]);
  }
  return parseRouting(text ?? '', shown, feeds);
}

function nameProblems(yaml: YamlFile, said: RoutingFile, feeds: readonly string[] | undefined): Problem[] {
  const teams = Object.keys(said.teams);
  const problems: Problem[] = [];
  const known = (path: PropertyKey[], name: string, names: readonly string[], what: string): void => {
    if (names.includes(name)) return;
    problems.push(
      problemAt(
        yaml,
        path,
        `names the ${what} "${name}", which there is not.${didYouMean(name, names)}`,
        'unknown_name',
      ),
    );
  };
  known(['triage'], said.triage, teams, 'team');
  for (const [i, rule] of said.rules.entries()) {
    known(['rules', i, 'team'], rule.team, teams, 'team');
    for (const feed of feeds === undefined ? [] : (rule.when.feed ?? [])) {
      known(['rules', i, 'when', 'feed'], feed, feeds ?? [], 'feed');
    }
    const path = ['rules', i, 'name'];
    const first = said.rules.findIndex((other) => other.name === rule.name);
    if (first < i)
      problems.push(problemAt(yaml, path, `is "${rule.name}", as rule ${first + 1} is`, 'duplicate_rule'));
    if (rule.name === 'triage')
      problems.push(problemAt(yaml, path, 'is "triage", the word for "no rule matched"', 'duplicate_rule'));
  }
  return problems;
}

function versionOf(content: unknown): string {
  const canonical = JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}
