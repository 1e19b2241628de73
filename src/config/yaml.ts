import { readFileSync } from 'node:fs';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import { type Problem, raise, sentence } from './problems.js';

export type YamlPath = readonly PropertyKey[];

/** A YAML file whose every value is still text (`007`, `no` and `1.10` stay what they are), and where it stood. */
export type YamlFile = {
  readonly file: string;
  /** Strings, arrays and objects; an empty value is ''; an empty file is {}. */
  readonly value: unknown;
  /** `config/redress.yaml:12`: the line of that key or item, or of the nearest thing above it that is there. */
  at(path: YamlPath): string;
};

/** Undefined if there is no such file. `name` is how errors call it. */
export function readText(path: string, name: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    raise([
      {
        code: 'file_unreadable',
        where: name,
        problem: `The file can't be read (${code}).`,
        fix: 'Check that it is a file and that this user may read it.',
      },
    ]);
    throw error;
  }
}

/** Throws a RedressError with file and line for broken YAML, repeated keys, unknown tags and alias bombs. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  raise([...document.errors, ...document.warnings].map((e) => broken(place(e.pos[0]), e, text)));

  const child = (node: unknown, key: PropertyKey): { node: unknown; offset: number | undefined } => {
    const here = isAlias(node) ? node.resolve(document) : node;
    if (isMap(here)) {
      const pair = (here.items as Pair[]).find((p) => isScalar(p.key) && String(p.key.value) === String(key));
      return { node: pair?.value, offset: (pair?.key as Node | undefined)?.range?.[0] };
    }
    const item = isSeq(here) ? (here.items[Number(key)] as Node | undefined) : undefined;
    return { node: item, offset: item?.range?.[0] };
  };
  return {
    file,
    value: plain(document, file) ?? {},
    at(path) {
      let node: unknown = document.contents;
      let offset = 0;
      for (const key of path) {
        const next = child(node, key);
        if (next.offset === undefined) break;
        ({ node } = next);
        ({ offset } = next);
      }
      return place(offset);
    },
  };
}

function plain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    const problem = 'An alias (*name) is not defined, or stands for too much.';
    return raise([
      { code: 'yaml_broken', where: file, problem, fix: 'Put text that begins with * in quotation marks.' },
    ]);
  }
}

/** Says nothing of the text itself beyond a key: a secret may stand on the line. */
function broken(where: string, error: YAMLError, text: string): Problem {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\r\n]{1,80}/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    const problem = `The key "${key}" is there twice.`;
    return { code: 'yaml_duplicate_key', where, problem, fix: 'Keep one of them.' };
  }
  if (error.code === 'TAG_RESOLVE_FAILED') {
    const fix = 'Put text that begins with ! in quotation marks.';
    return { code: 'yaml_broken', where, problem: 'YAML tags (!name) are not used here.', fix };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    const problem = 'A second document begins here (---).';
    return { code: 'yaml_broken', where, problem, fix: 'Keep everything in one document.' };
  }
  const problem = `Not valid YAML: ${error.message.replace(/: ["'].*$|\.$/su, '')}.`;
  return { code: 'yaml_broken', where, problem, fix: 'Correct the line; indent with spaces only.' };
}

/** The value in the schema's shape, or an error that names file and line of everything that does not fit. */
export function checkYaml<S extends z.ZodType>(file: YamlFile, schema: S): z.output<S> {
  const result = schema.safeParse(file.value, { reportInput: true });
  if (result.success) return result.data;
  raise(result.error.issues.flatMap((issue) => problemsOf(file, issue)));
  throw result.error;
}

function problemsOf(file: YamlFile, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    const paths = issue.keys.map((key) => [...issue.path, key]);
    return paths.map((path, i) => problemAt(file, path, messages[i] ?? 'is not a known key', 'unknown_key'));
  }
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  const missing = issue.code !== 'custom' && issue.path.length > 0 && issue.input === undefined;
  return [problemAt(file, issue.path, missing ? 'is missing' : (inner ?? issue.message))];
}

/** `message` continues the sentence that begins with the path. */
export function problemAt(file: YamlFile, path: YamlPath, message: string, code = 'invalid_value'): Problem {
  const subject = path.length === 0 ? 'The file' : `"${path.map(String).join('.')}"`;
  const fix = 'docs/configuration.md describes the file.';
  return { code, where: file.at(path), problem: sentence(`${subject} ${message}`), fix };
}
