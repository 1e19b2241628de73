import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';
import { packageRoot } from '../../src/paths.js';

const page = readFileSync(join(packageRoot, 'docs', 'cli.md'), 'utf8');

type Entry = { readonly name: string; readonly heading: string; readonly flags: readonly string[] };

function* entries(command: Command, path: readonly string[] = []): Generator<Entry> {
  for (const sub of command.commands) {
    const name = [...path, sub.name()];
    if (sub.commands.length > 0) yield* entries(sub, name);
    else {
      const args = sub.registeredArguments
        .map((a) => (a.required ? ` <${a.name()}>` : ` [${a.name()}]`))
        .join('');
      yield {
        name: name.join(' '),
        heading: `### ${name.join(' ')}${args}`,
        flags: sub.options.map((o) => o.flags),
      };
    }
  }
}

const { program } = buildProgram({
  out: () => {},
  err: () => {},
  in: Readable.from([]),
  terminal: false,
  signal: new AbortController().signal,
  cwd: tmpdir(),
});
const all = [...entries(program)];

/** The part of the page under a heading, up to the next one. */
const sectionOf = (heading: string): string | undefined =>
  page.split(`\n${heading}\n`)[1]?.split('\n### ')[0];

// Red here: the program has a command or option that docs/cli.md does not describe, or the other way round.
describe('docs/cli.md', () => {
  it.each(all.map((e) => [e.name, e] as const))('describes %s with every option', (_, { heading, flags }) => {
    const section = sectionOf(heading);
    expect(section).toBeDefined();
    for (const flag of flags) expect(section).toContain(`\`${flag}\``);
  });

  it('describes no command that is not there', () => {
    const headings = page.split('\n').filter((line) => line.startsWith('### '));
    expect(headings.sort()).toEqual(all.map((e) => e.heading).sort());
  });

  it('describes the options that every command takes', () => {
    for (const { flags } of program.options) expect(page).toContain(`\`${flags}\``);
  });
});
