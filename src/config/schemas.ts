import { z } from 'zod';
import { didYouMean } from '../complaint/nearest.js';

/** A closed object: an unknown key is an error that names the nearest known one. */
export const closed = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'invalid_type') return 'must be a block of keys (name: value)';
      if (issue.code !== 'unrecognized_keys') return undefined;
      const known = Object.keys(shape);
      // One line a key: the reader of YAML gives each its own place.
      return issue.keys
        .map((key) => `is not a known key.${didYouMean(key, known)} Known: ${known.join(', ')}.`)
        .join('\n');
    },
  });

/** One word of a closed list. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, {
    error: ({ input }) =>
      input === undefined
        ? undefined
        : `is ${quote(input)}, which is not known.${didYouMean(String(input), words)} Known: ${words.join(', ')}.`,
  });

/** Non-empty text on one line. The empty case is what an unquoted `#...` becomes. */
export const line = (max: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? undefined : 'must be text') })
    .trim()
    .min(1, 'has no value (a value that begins with # needs quotation marks)')
    .max(max, `is longer than ${max} characters`)
    .regex(/^[^\p{Cc}]*$/u, 'holds a control character or a line break');

/** One value or a list of values, as a list without repetitions. */
export const oneOrMany = <S extends z.ZodType>(schema: S, max = 100) =>
  z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(schema).min(1, 'is an empty list').max(max, `has more than ${max} entries`),
  );

/** `0.9` as a number from 0 to 1. */
export const Share = z
  .string()
  .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1, like 0.9')
  .transform(Number);

export const quote = (value: unknown): string => JSON.stringify(String(value).slice(0, 80));
