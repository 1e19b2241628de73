import type { z } from 'zod';
import { nearest } from '../../complaint/nearest.js';

/** One thing wrong in a body or query. `path` names fields of the schema and positions only, never what was sent. */
export type Issue = { readonly path: readonly (string | number)[]; readonly detail: string };

/** What is read of a zod issue, wherever it comes from. */
export type RawIssue = {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[] | undefined;
};

const MOST = 20;

/** Names of every field of a schema, those of nested objects too. */
export function fieldNames(schema: z.ZodType): Set<string> {
  const names = new Set<string>();
  const visit = (type: unknown): void => {
    const { shape, innerType, element } = (type as { def?: Record<string, unknown> })?.def ?? {};
    for (const [name, field] of Object.entries((shape as object | undefined) ?? {})) {
      names.add(name);
      visit(field);
    }
    if (innerType) visit(innerType);
    if (element) visit(element);
  };
  visit(schema);
  return names;
}

/** Only the first few names are compared: a body can hold a hundred thousand. */
function unknownKeys(keys: readonly string[], known: ReadonlySet<string>): string {
  const near = [
    ...new Set(
      keys
        .slice(0, 5)
        .map((k) => nearest(k, known))
        .filter((k) => k !== undefined),
    ),
  ];
  const many = keys.length === 1 ? 'a name' : `${keys.length} names`;
  const hint = near.length > 0 ? `Did you mean ${near.map((n) => `"${n}"`).join(', ')}? ` : '';
  return `has ${many} that the schema does not know. ${hint}Known: ${[...known].join(', ')}.`;
}

/** Zod's issues in words that are safe to send back and to log. At most twenty. */
export function describeIssues(issues: readonly RawIssue[], known: ReadonlySet<string>): Issue[] {
  return issues.slice(0, MOST).map((issue) => {
    const path = issue.path.map((part) =>
      typeof part === 'number' ? part : known.has(String(part)) ? String(part) : '*',
    );
    const detail =
      issue.code === 'unrecognized_keys'
        ? unknownKeys(issue.keys ?? [], known)
        : issue.message
            .replace(/^Invalid input: /, '')
            .replace(/, received undefined$/, ', but it is missing');
    return { path, detail };
  });
}
