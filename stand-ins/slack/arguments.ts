/** `{ok: false, error}` with HTTP 200, as Slack answers. `details` become `response_metadata.messages`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly details: readonly string[];

  constructor(error: string, details: readonly string[] = []) {
    super(error);
    this.details = details;
  }
}

/** Arguments of a call: form fields (all strings, structures as JSON text) or a JSON object. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Reads a body by its content type; the query string counts too, as it does at Slack. */
export function parseArguments(body: string, contentType: string, query: URLSearchParams): Arguments {
  const kind = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const fromQuery = Object.fromEntries(query);
  if (kind === 'application/json') {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body === '' ? '{}' : body);
    } catch {
      throw new ApiError('invalid_json');
    }
    if (!isObject(parsed)) throw new ApiError('json_not_object');
    return { ...fromQuery, ...parsed };
  }
  if (kind === 'application/x-www-form-urlencoded' || (kind === '' && body === ''))
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) };
  throw new ApiError('invalid_post_type');
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A string argument; empty counts as missing. */
export function text(args: Arguments, key: string): string | undefined {
  const value = args[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

export const flag = (args: Arguments, key: string): boolean =>
  args[key] === true || args[key] === 'true' || args[key] === '1' || args[key] === 1;

/** A structure, given as itself (JSON body) or as JSON text (form body). `error` names what a broken one answers. */
export function structure(args: Arguments, key: string, error: string): unknown {
  const value = args[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new ApiError(error);
  }
}
