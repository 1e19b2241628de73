import type { FastifyRequest } from 'fastify';
import { readJson } from '../src/sources/api/json.js';
import type { App } from './context.js';
import { ProblemError } from './problem.js';

/** Routes of this context get the body's bytes exactly as they came, whichever of `types` it is. */
export function takeRaw(app: App, types: readonly string[]): void {
  app.addHook('onRequest', async (request) => checkEncoding(request, types));
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Routes of this context get the body as a stream, packed with gzip or not; they read and end it themselves. */
export function takeStream(app: App, type: string): void {
  app.addHook('onRequest', async (request) => checkEncoding(request, [type], CODINGS));
  app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
}

export const isPacked = ({ headers }: FastifyRequest): boolean => codingOf(headers) !== 'identity';

/** Routes of this context get their JSON body read as strictly as a complaint is. */
export function takeJson(app: App): void {
  const type = 'application/json';
  app.addHook('onRequest', async (request) => checkEncoding(request, [type]));
  app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
    const json = readJson(body as Buffer);
    if (json.ok) done(null, json.value);
    else done(new ProblemError('malformed', `The body can not be read. ${json.detail}`));
  });
}

const CODINGS: readonly string[] = ['gzip', 'x-gzip'];
const codingOf = (headers: FastifyRequest['headers']): string =>
  headers['content-encoding']?.trim().toLowerCase() || 'identity';

/** Bytes are kept as they come and read as UTF-8, so nothing else may be announced. */
function checkEncoding(
  { headers, method }: FastifyRequest,
  types: readonly string[],
  codings: readonly string[] = [],
): void {
  if (method === 'GET' || method === 'HEAD') return;
  const send = `Send it as ${types.join(' or ')}`;
  const coding = codingOf(headers);
  if (coding !== 'identity' && !codings.includes(coding)) {
    const allowed = codings.length === 0 ? 'without content coding' : 'packed with gzip or not at all';
    throw new ProblemError('wrong_type', `${send}, ${allowed}.`);
  }
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new ProblemError('wrong_type', `${send}, in UTF-8.`);
}
