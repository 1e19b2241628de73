import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type RefusalReason, REFUSAL_REASONS } from '../src/complaint/reasons.js';
import { errorFields } from '../src/log.js';
import type { Service } from '../src/service.js';
import { describeIssues, fieldNames, type Issue } from '../src/sources/api/issues.js';
import { isConnectionFailure } from '../src/store/steady.js';
import type { App } from './context.js';
import { countRefusal } from './refusals.js';
import { PROBLEM_TYPE, PROBLEMS, problemBody, ProblemError, type ProblemMore } from './problem.js';

/** Seconds after which a client should try again. */
export const RETRY_AFTER = { stopping: 5, disk_low: 60, store_unavailable: 5 } as const;
const NOT_FOUND = { max: 300, timeWindow: 60_000 };

export const retryLater = (code: keyof typeof RETRY_AFTER, detail: string): ProblemError =>
  new ProblemError(code, detail, { headers: { 'retry-after': String(RETRY_AFTER[code]) } });

export const storeUnavailable = (): ProblemError =>
  retryLater(
    'store_unavailable',
    'Nothing is known to be stored. Send the same request again in a few seconds.',
  );

/** Issues as the `errors` of a problem. */
export const fieldErrors = (issues: readonly Issue[], where: 'body' | 'parameters'): ProblemMore['errors'] =>
  issues.map(({ path, detail }) =>
    where === 'body'
      ? { pointer: `#${path.map((p) => `/${p}`).join('')}`, detail }
      : { ...(path.length > 0 ? { parameter: path.join('.') } : {}), detail },
  );

type Foreign = {
  name?: string;
  code?: string;
  statusCode?: number;
  validation?: readonly {
    keyword: string;
    instancePath: string;
    message?: string;
    params: { keys?: string[] };
  }[];
  validationContext?: string;
};

function invalid(error: Foreign, request: FastifyRequest): ProblemError {
  const where = error.validationContext ?? 'querystring';
  const schema = (request.routeOptions.schema as Record<string, unknown> | undefined)?.[where];
  const issues = describeIssues(
    (error.validation ?? []).map((v) => ({
      code: v.keyword,
      // A position says which item it is; a name of digits can't be told from one, and says nothing either.
      path: v.instancePath
        .split('/')
        .filter((p) => p !== '')
        .map((p) => (/^\d{1,6}$/.test(p) ? Number(p) : p)),
      message: v.message ?? '',
      keys: v.params.keys,
    })),
    fieldNames(schema as Parameters<typeof fieldNames>[0]),
  );
  const body = where === 'body';
  const what = { body: 'The body', querystring: 'The query', params: 'The path', headers: 'A header' }[where];
  return new ProblemError('invalid', `${what ?? 'The request'} does not fit the schema: see \`errors\`.`, {
    errors: fieldErrors(issues, body ? 'body' : 'parameters'),
  });
}

/** What an error means to the caller; undefined = a surprise, which is logged and told nobody. */
function expected(error: Foreign, request: FastifyRequest): ProblemError | undefined {
  if (error.name === 'ProblemError') return error as ProblemError;
  if (error.validation) return invalid(error, request);
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const most = request.routeOptions.bodyLimit;
    return new ProblemError(
      'too_large',
      `The body may have at most ${most} bytes. Split it, or leave things out.`,
    );
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const types = (request.routeOptions.schema as { consumes?: string[] } | undefined)?.consumes ?? [];
    return new ProblemError('wrong_type', `Send it as ${types.join(' or ') || 'no body at all'}.`);
  }
  if (error.statusCode === 404) return new ProblemError('not_found', 'See /docs for what there is.');
  if (error.statusCode === 429)
    return new ProblemError('rate_limited', 'Too many requests from this address. Try again in a minute.');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new ProblemError('malformed', 'The request can not be read. See /docs for its form.');
  return undefined;
}

/** Answers every error, and every address that there is nothing at, as a problem. */
export const errors = fp<{ service: Service }>(async (app, { service }) => {
  const answer = async (error: Foreign, request: FastifyRequest, reply: FastifyReply) => {
    let problem = expected(error, request);
    if (problem === undefined) {
      const away = isConnectionFailure(error) || /^Mongo/.test(error.name ?? '');
      service.log('error', 'request_failed', { route: request.routeOptions.url, ...errorFields(error) });
      const id = `Quote the id ${request.id} when you report it.`;
      problem = away
        ? storeUnavailable()
        : new ProblemError('internal', `It is our fault, and logged. ${id}`);
    }
    if (request.routeOptions.config?.door && request.apiKey && problem.code in REFUSAL_REASONS)
      await countRefusal(service, request, problem.code as RefusalReason);
    return reply
      .code(PROBLEMS[problem.code].status)
      .headers(problem.more.headers ?? {})
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemBody(problem)));
  };
  app.setErrorHandler<Foreign & Error>(answer);
  // Addresses must not be searched for at leisure.
  app.setNotFoundHandler({ preHandler: (app as App).rateLimit(NOT_FOUND) }, async () => {
    throw new ProblemError(
      'not_found',
      'There is nothing at this address for this method. /docs lists what there is.',
    );
  });
});
