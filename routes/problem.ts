import { z } from 'zod';

/** Every problem that the API answers with: the closed list of codes, each with its status. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request can not be read' },
  invalid: { status: 400, title: 'The request does not fit the schema' },
  unknown_feed: { status: 400, title: 'There is no such feed' },
  unauthenticated: { status: 401, title: 'An API key is needed' },
  forbidden: { status: 403, title: 'The API key may not do this' },
  not_found: { status: 404, title: 'There is no such thing here' },
  timed_out: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The same id came with other content' },
  settings_outdated: { status: 409, title: 'The service works by older settings' },
  too_large: { status: 413, title: 'The body is too large' },
  too_many: { status: 413, title: 'The batch has too many items' },
  wrong_type: { status: 415, title: 'The content type is not one that is read here' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong here' },
  stopping: { status: 503, title: 'The service is stopping' },
  disk_low: { status: 503, title: 'The disk is nearly full' },
  store_unavailable: { status: 503, title: 'The database does not answer' },
  busy: { status: 503, title: 'Too much of this is waiting already' },
  not_ready: { status: 503, title: 'The service is not ready' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_TYPE = 'application/problem+json';

const FieldError = z.object({
  pointer: z.string().optional().describe('JSON pointer into the body, e.g. `#/customer/msisdn`.'),
  parameter: z.string().optional().describe('Name of the query parameter, path parameter or header.'),
  detail: z.string().describe('What is wrong with it; never what was sent.'),
});

/** Body of every error (RFC 9457). */
export const ProblemBody = z
  .object({
    type: z.string().describe('URN of the kind of problem: `urn:redress:problem:` and the code.'),
    title: z.string().describe('The kind of problem in a few words.'),
    status: z.int().describe('HTTP status.'),
    detail: z.string().describe('What happened this time and what to do.'),
    code: z.string().describe('Machine word, stable; docs/api.md lists them.'),
    errors: z.array(FieldError).optional().describe('Each thing wrong, where there can be several.'),
    id: z.string().optional().describe('`conflict` only: the complaint that is there already.'),
    reference: z.string().optional().describe('`conflict` only: its reference.'),
  })
  .describe('Problem details (RFC 9457).');
export type ProblemBody = z.infer<typeof ProblemBody>;

export type ProblemMore = Pick<ProblemBody, 'errors' | 'id' | 'reference'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** Thrown by handlers and hooks, answered by the error handler. `detail` must not hold anything that was sent. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly more: ProblemMore;

  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.more = more;
  }
}

export function problemBody({
  code,
  detail,
  more,
}: Pick<ProblemError, 'code' | 'detail' | 'more'>): ProblemBody {
  const { status, title } = PROBLEMS[code];
  const { headers: _, ...extra } = more;
  return { type: `urn:redress:problem:${code}`, title, status, detail, code, ...extra };
}

/** Response schema of an error status, for the OpenAPI page. */
export const problemResponse = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: ProblemBody } },
});
