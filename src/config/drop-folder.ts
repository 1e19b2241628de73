import { resolve } from 'node:path';
import { z } from 'zod';
import { closed, line, oneOf } from './schemas.js';

/** How the sender shows that a file in the drop folder is whole; all but `done-file` also wait until it stands still. */
export type Complete =
  /** NAME.done beside it. */
  | { readonly kind: 'done-file' }
  /** NAME.sha256 or NAME.md5 beside it. */
  | { readonly kind: 'checksum' }
  /** The last row says how many came before it: the first group of `pattern`, which is matched with the row's text. */
  | { readonly kind: 'trailer'; readonly pattern: string };

/** `TRAILER,123`, with any delimiter, quotes and empty cells after it. */
const TRAILER = '^"?TRAILER"?\\W+(\\d+)\\W*$';

/** `true`: `<data.dir>/inbox/<feed>/`; else the folder itself, relative to the working folder. YAML is read as text. */
export const DropFolder = line(1_024).transform((text): boolean | string =>
  text === 'true' || text === 'false' ? text === 'true' : text,
);

const groupsOf = (pattern: string): number | undefined => {
  try {
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
};

const Pattern = line(200).superRefine((pattern, context) => {
  const groups = groupsOf(pattern);
  if (groups === 1) return;
  const message =
    groups === undefined
      ? 'is no regular expression'
      : `has ${groups} groups: one in brackets, (\\d+), must be the count of rows`;
  context.addIssue({ code: 'custom', message });
});

const words = oneOf(['stable', 'done-file', 'checksum', 'trailer']);
const OwnTrailer = closed({ trailer: Pattern });

/** Undefined: `stable`, the default. */
export const CompleteSchema = z.unknown().transform((said, context): Complete | undefined => {
  const schema = typeof said === 'object' && said !== null ? OwnTrailer : words;
  const result = schema.safeParse(said);
  if (!result.success) {
    for (const { path, message } of result.error.issues)
      context.addIssue({ code: 'custom', message, path: [...path] });
    return z.NEVER;
  }
  const { data } = result;
  if (typeof data === 'object') return { kind: 'trailer', pattern: data.trailer };
  if (data === 'stable') return undefined;
  return data === 'trailer' ? { kind: 'trailer', pattern: TRAILER } : { kind: data };
});

/** Two feeds on one folder would take each other's files: the second of such a pair, with the name of the first. */
export function* sharedFolders(
  feeds: Iterable<{ readonly name: string; readonly inbox?: true | string }>,
): Generator<{ readonly name: string; readonly with: string }> {
  const owners = new Map<string, string>();
  for (const { name, inbox } of feeds) {
    if (typeof inbox !== 'string') continue;
    const path = resolve(inbox);
    const before = owners.get(path);
    if (before === undefined) owners.set(path, name);
    else yield { name, with: before };
  }
}
