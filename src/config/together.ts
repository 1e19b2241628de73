import type { Found } from './environment.js';
import type { Problem } from './problems.js';
import { type SettingKey, settingOf } from './settings.js';

type Origins = ReadonlyMap<SettingKey, Pick<Found, 'origin'>>;

/** Settings that only make sense together. */
export function togetherProblems(found: Origins): Problem[] {
  const problems: Problem[] = [];
  const pair = (given: SettingKey, absent: SettingKey, problem: string, fix: string): void => {
    if (!found.has(given) || found.has(absent)) return;
    const where = found.get(given)?.origin ?? '';
    problems.push({ code: 'set_together', where, problem, fix });
  };
  const name = (key: SettingKey) => settingOf(key).env;

  for (const [given, absent] of [
    ['stores.mongodbUri', 'stores.redisUrl'],
    ['stores.redisUrl', 'stores.mongodbUri'],
  ] as const) {
    const problem = `${name(given)} is set and ${name(absent)} is not: the queue is rebuilt from the database, so both are your own or both are the embedded engines.`;
    pair(given, absent, problem, `Set ${name(absent)} too, or unset ${name(given)}.`);
  }
  const make = (key: SettingKey) =>
    key === 'keys.encryption'
      ? `Generate one and set it: ${name(key)}="1:$(openssl rand -base64 32)"`
      : `Generate one and set it: ${name(key)}="$(openssl rand -base64 32)"`;
  const keep = ' (keep a copy: without it stored pieces cannot be opened).';
  for (const absent of ['keys.encryption', 'keys.hash'] as const) {
    const problem = `With your own MongoDB ${name(absent)} is required: every process of the site needs the same key.`;
    pair('stores.mongodbUri', absent, problem, make(absent) + keep);
  }
  if (!found.has('stores.mongodbUri')) {
    for (const [given, absent] of [
      ['keys.encryption', 'keys.hash'],
      ['keys.hash', 'keys.encryption'],
    ] as const) {
      const problem = `${name(given)} is set and ${name(absent)} is not.`;
      pair(given, absent, problem, `Unset it to let Redress keep local keys, or: ${make(absent)}${keep}`);
    }
  }
  return problems;
}
