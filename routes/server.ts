import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyReply } from 'fastify';
import type { Config } from '../src/config.js';
import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode } from './problem.js';

export type ServerOptions = {
  /** How long a request may take to arrive, headers and body, ms. Default 60 s. */
  readonly requestTimeoutMs?: number;
  /** How long the sender of a stream may be silent, ms. Default LIMITS.streamIdle. */
  readonly streamIdleMs?: number;
};

/**
 * Connections whose request is a stream and keeps its own time; `answering` once the answer has begun. The server's
 * time limit holds for all requests alike, but what it comes to is decided in `clientError`.
 */
const streaming = new WeakMap<Socket, { answering: boolean }>();

export const beginStream = (socket: Socket): void => void streaming.set(socket, { answering: false });
export const beginAnswer = (socket: Socket): void => void streaming.set(socket, { answering: true });
export const endStream = (socket: Socket): void => void streaming.delete(socket);

const DETAILS = {
  timed_out: 'Send it faster, or in smaller pieces.',
  headers_too_large: 'Send fewer or shorter headers.',
  malformed: 'This is no valid HTTP request.',
} as const satisfies Partial<Record<ProblemCode, string>>;

/** What the parser can't read never reaches a route: answered here, on the bare socket. */
function clientError(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const stream = streaming.get(socket);
  if (stream && error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return;
  // Nothing may be written into an answer that has begun.
  if (stream?.answering) return void socket.destroy();
  const code =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'timed_out'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? 'headers_too_large'
        : 'malformed';
  const body = JSON.stringify(problemBody({ code, detail: DETAILS[code], more: {} }));
  if (!socket.writable) return void socket.destroy(error as Error);
  const { status, title } = PROBLEMS[code];
  const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

/** Options of the HTTP server: everything about a connection that no route sees. */
export function serverOptions(config: Config, { requestTimeoutMs = 60_000 }: ServerOptions) {
  return {
    logger: false,
    trustProxy: config.http.trustProxy as boolean | string[],
    // Ids are ours: they stand in lineage, and a caller's could hold anything.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: 16 * 1024,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 72_000,
    http: {
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs / 2),
      headersTimeout: Math.min(30_000, requestTimeoutMs),
    },
    // While stopping, the doors say so themselves, as a problem.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    clientErrorHandler: clientError,
    frameworkErrors: (_error: Error, _request: unknown, reply: FastifyReply) => {
      const problem = { code: 'malformed', detail: 'The address can not be read.', more: {} } as const;
      void reply
        .code(400)
        .type(PROBLEM_TYPE)
        .send(JSON.stringify(problemBody(problem)));
    },
  } satisfies FastifyHttpOptions<Server>;
}
