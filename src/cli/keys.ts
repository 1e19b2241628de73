import { type Command, InvalidArgumentError } from 'commander';
import { RedressError } from '../complaint/errors.js';
import { didYouMean } from '../complaint/nearest.js';
import { newKey, SCOPES, type Scope } from '../governance/keys.js';
import type { Cli } from './support/cli.js';
import { person } from './support/person.js';
import { table, time } from './support/text.js';

function scopesOf(text: string): Scope[] {
  const named = text.split(',').map((s) => s.trim());
  const unknown = named.find((s) => !(SCOPES as readonly string[]).includes(s));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `There is no scope "${unknown}".${didYouMean(unknown, SCOPES)} Scopes: ${SCOPES.join(', ')}.`,
    );
  return [...new Set(named as Scope[])];
}

function nameOf(text: string): string {
  const name = text.trim();
  if (!/^[^\p{Cc}]{1,80}$/u.test(name))
    throw new InvalidArgumentError('It must have 1 to 80 characters on one line.');
  return name;
}

/** The public part of a key, also where the whole key was pasted. */
const idOf = (text: string): string => /^rdk_([a-f0-9]{12})_/.exec(text)?.[1] ?? text;

export function keysCommand(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('API keys');
  keys
    .command('create')
    .description('make a key; it is shown once and kept nowhere')
    .requiredOption('--name <name>', 'who or what uses it', nameOf)
    .requiredOption('--scopes <names>', `what it may do, with commas: ${SCOPES.join(', ')}`, scopesOf)
    .option('--json', 'the key as JSON on standard output')
    .action((options: { name: string; scopes: Scope[]; json?: true }) => create(cli, options));
  keys
    .command('list')
    .description('all keys, without their secrets')
    .option('--json', 'as JSON on standard output')
    .action((options: { json?: true }) => list(cli, options));
  keys
    .command('revoke')
    .description('refuse a key from now on (running services within 10 seconds)')
    .argument('<id>', 'its id, as `keys list` shows it')
    .action((id: string) => revoke(cli, idOf(id)));
}

const create = (cli: Cli, options: { name: string; scopes: Scope[]; json?: true }) =>
  cli.withCore(async (core) => {
    const { key, token } = newKey(options.name, options.scopes, core.now());
    await core.keys.put(key);
    await core.operations.audit({ at: core.now(), by: person(), action: 'key_created', target: key._id });
    cli.say(`Key ${key._id} for ${key.name} (${key.scopes.join(', ')}).`);
    if (options.json) return cli.json({ id: key._id, name: key.name, scopes: key.scopes, key: token });
    cli.say(`  ${token}\nKeep it now: it is not shown again.`);
  });

const list = (cli: Cli, { json }: { json?: true }) =>
  cli.withCore(async (core) => {
    const keys = (await core.keys.list()).map(({ _id, hash: _, ...rest }) => ({ id: _id, ...rest }));
    const rows = keys.map((k) => [
      k.id,
      k.name,
      k.scopes.join(','),
      time(k.createdAt),
      k.revokedAt ? `revoked ${time(k.revokedAt)}` : 'valid',
    ]);
    cli.say(
      rows.length === 0 ? 'There is no key yet.' : table(['id', 'name', 'scopes', 'created', 'state'], rows),
    );
    if (json) cli.json(keys);
  });

const revoke = (cli: Cli, id: string) =>
  cli.withCore(async (core) => {
    if (!(await core.keys.revoke(id, core.now()))) {
      const known = (await core.keys.list()).filter((k) => !k.revokedAt).map((k) => k._id);
      const problem = `There is no valid key with the id "${id.slice(0, 40)}".${didYouMean(id, known)}`;
      throw new RedressError('keys', 'unknown_key', problem, 'See `redress keys list`.');
    }
    await core.operations.audit({ at: core.now(), by: person(), action: 'key_revoked', target: id });
    cli.say(`Key ${id} is revoked.`);
  });
