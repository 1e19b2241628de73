import { isIP } from 'node:net';
import { z } from 'zod';
import { line, oneOf, quote } from './schemas.js';

/** Every schema here reads text, as flags and variables are text; lists are written with commas. */

export const Whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

/** Up to three decimals; 0 is not a rate. */
export const Rate = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,3})?$/, 'must be a number above 0, like 1 or 0.5')
  .transform(Number)
  .refine((n) => n > 0, 'must be a number above 0, like 1 or 0.5');

export const Host = line(255).regex(/^[A-Za-z0-9._:%-]+$/, 'must be a host name or address, without http://');

/** An address of one of `schemes`. The message never repeats it: it may hold a password. */
export const Address = (...schemes: readonly string[]) =>
  line(2_048).refine(
    (text) => schemes.some((s) => text.startsWith(`${s}://`) && text.length > s.length + 3),
    `must begin with ${schemes.map((s) => `${s}://`).join(' or ')}`,
  );

/** `redis://...`, or the absolute path of the server's Unix socket. */
export const RedisAddress = line(2_048).refine(
  (text) => /^rediss?:\/\/./.test(text) || /^\/./.test(text),
  'must begin with redis:// or rediss://, or be the path of a Unix socket',
);

/** Absolute http(s) URL without query and fragment. `ending` makes the last slash uniform. */
export const WebAddress = (ending: '/' | '') =>
  line(2_048).transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && !url.username) {
      return url.href.replace(/\/*$/, ending);
    }
    context.addIssue({
      code: 'custom',
      message: 'must be an http:// or https:// address without ?, # or user',
    });
    return z.NEVER;
  });

const isProxy = (word: string): boolean => {
  const [address = '', bits, more] = word.split('/');
  const family = isIP(address);
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(word) || (family > 0 && fits && more === undefined)
  );
};

/** What Fastify's `trustProxy` takes: nobody, everybody, or the addresses and networks of the proxies. */
export const TrustProxy = line(1_024).transform((text, context): boolean | string[] => {
  if (text === 'true' || text === 'false') return text === 'true';
  const words = text.split(',').map((w) => w.trim());
  if (words.every(isProxy)) return words;
  context.addIssue({
    code: 'custom',
    message: 'must be true, false, or addresses and networks such as 10.0.0.0/8, loopback',
  });
  return z.NEVER;
});

/** A mailbox, with or without a name before it; no line breaks get in, so none reach a mail header. */
export const Mailbox = line(320).regex(
  /^([^<>@,]+<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/,
  'must be an e-mail address, alone or as Name <address>',
);

/** `a, b` as a list without repetitions; '' is the empty list. */
export const List = <T>(item: z.ZodType<T, string>, min = 0) =>
  z
    .string()
    .max(8_192, 'is too long')
    .transform((text) => text.split(',').map((w) => w.trim()))
    .transform((words) => [...new Set(words.filter((w) => w !== ''))])
    .pipe(z.array(item).min(min, 'needs at least one entry').max(100, 'has more than 100 entries'));

export const Word = <const T extends readonly string[]>(words: T) => oneOf(words);

/** A name that ends up in keys, folders or database names. */
export const Name = (pattern: RegExp, words: string) =>
  z.string().transform((text, context) => {
    if (pattern.test(text)) return text;
    context.addIssue({ code: 'custom', message: `is ${quote(text)} but must be ${words}` });
    return z.NEVER;
  });
