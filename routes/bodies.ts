import type { FastifyRequest } from 'fastify';
import { readJson } from '../src/sources/api/json.js';
import type { App } from './context.js';
import { ProblemError } from './problem.js';

/** Routes of this context get the body's bytes exactly as they came, whichever of `types` it is. */
export function takeRaw(app: App, types: readonly string[]): void {
  app.addHook('onRequest', async (request) => checkEncoding(request, types));
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

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

/** Bytes are kept as they come and read as UTF-8, so nothing else may be announced. */
function checkEncoding({ headers, method }: FastifyRequest, types: readonly string[]): void {
  if (method === 'GET' || method === 'HEAD') return;
  const send = `Send it as ${types.join(' or ')}`;
  const coding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (coding !== 'identity') throw new ProblemError('wrong_type', `${send}, without content coding.`);
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new ProblemError('wrong_type', `${send}, in UTF-8.`);
}
