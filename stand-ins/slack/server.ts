import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, json, plain, slackApi, tooFast } from './api.js';
import { ApiError, parseArguments, text } from './arguments.js';
import { control } from './control.js';
import { type Fault, faultScript } from './faults.js';
import type { SlackSettings } from './options.js';
import type { Workspace } from './workspace.js';

/** One call as it came in. `answer`: `ok`, an error's name, `http_NNN`, `reset`, `drop` or `stall`. */
export type Call = {
  readonly method: string;
  readonly at: number;
  readonly channel: string | undefined;
  readonly answer: string;
};

const MAX_BODY = 1024 * 1024;
const MAX_CALLS = 200_000;

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

function beforeWork(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'http':
      return plain(fault.status, 'upstream failure');
    case 'rate_limited':
      return tooFast(fault.retryAfter === undefined ? '1' : fault.retryAfter);
    case 'error':
      return json({ ok: false, error: fault.error });
    case 'body':
      return { ...plain(200, fault.body), word: 'body' };
    default:
      return undefined;
  }
}

export function slackServer(workspace: Workspace, settings: SlackSettings) {
  const api = slackApi(workspace, settings);
  const script = faultScript();
  const calls: Call[] = [];

  function work(method: string, body: string, request: IncomingMessage, query: URLSearchParams) {
    const args = parseArguments(body, request.headers['content-type'] ?? '', query);
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return { answer: api(method, bearer ?? text(args, 'token'), args), channel: text(args, 'channel') };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const body = await readBody(request);
    if (body === undefined) return send(response, plain(413, 'too large'));
    if (!url.pathname.startsWith('/api/'))
      return send(response, control(request.method ?? 'GET', url, body, { workspace, calls, script }));

    const method = url.pathname.slice('/api/'.length);
    const fault = script.take(method);
    const record = (answer: string, channel?: string): void => {
      if (calls.length >= MAX_CALLS) calls.shift();
      calls.push({ method, at: settings.now(), channel, answer });
    };
    const early = beforeWork(fault);
    if (early) {
      record(early.word);
      return send(response, early);
    }
    if (fault.kind === 'reset') {
      record('reset');
      request.socket.resetAndDestroy();
      return;
    }
    let done: { answer: Answer; channel?: string | undefined };
    try {
      done = work(method, body, request, url.searchParams);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      done = { answer: json({ ok: false, error: error.message }) };
    }
    if (fault.kind === 'fail_after') done = { ...done, answer: plain(500, 'upstream failure') };
    const silent = fault.kind === 'drop' || fault.kind === 'stall';
    record(silent ? fault.kind : done.answer.word, done.channel);
    if (fault.kind === 'drop') request.socket.destroy();
    else if (fault.kind !== 'stall') send(response, done.answer);
  }

  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      send(response, plain(500, `stand-in failed: ${String(error)}`));
    });
  });
  return { server, script, calls };
}
