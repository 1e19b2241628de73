import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';

// biome-ignore lint/suspicious/noExplicitAny: tests read any answer
type Said = any;

export type Sending = {
  readonly request: ClientRequest;
  /** Sends a piece; resolves when there is room for more. */
  write(piece: string | Buffer): Promise<void>;
  end(): void;
  /** The next line of the answer, parsed; undefined after the last one or when the connection broke. */
  next(): Promise<Said>;
  /** All further lines. */
  rest(): Promise<Said[]>;
  status(): Promise<number>;
  /** The whole answer, where it is no stream. */
  problem(): Promise<Said>;
};

/** A stream post on a socket of its own, which can be written and read at the same time. */
export function sendStream(
  url: string,
  key: string,
  more: { query?: string; headers?: Record<string, string> } = {},
): Sending {
  const sent = request(`${url}/v1/complaints/stream${more.query ?? ''}`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson', ...more.headers },
  });
  sent.setMaxListeners(0);
  sent.on('error', () => {}); // told by the answer, or by its absence
  const answer = once(sent, 'response').then(([response]) => {
    const incoming = response as IncomingMessage;
    incoming.on('error', () => {});
    return { incoming, lines: createInterface({ input: incoming })[Symbol.asyncIterator]() };
  });
  answer.catch(() => {});
  const sending: Sending = {
    request: sent,
    async write(piece) {
      if (sent.write(piece) || sent.destroyed) return;
      await new Promise((resolve) => sent.once('drain', resolve).once('close', resolve));
    },
    end: () => void sent.end(),
    async next() {
      const { value, done } = await (await answer).lines.next();
      return done ? undefined : JSON.parse(value as string);
    },
    async rest() {
      const found: Said[] = [];
      for (let line = await sending.next(); line !== undefined; line = await sending.next()) found.push(line);
      return found;
    },
    status: async () => (await answer).incoming.statusCode as number,
    async problem() {
      const { incoming } = await answer;
      const body = (await sending.rest()) as Said[];
      return { status: incoming.statusCode, headers: incoming.headers, ...body[0] };
    },
  };
  return sending;
}

/** Sends a whole body and gives back the lines of the answer. */
export async function streamAll(...[url, key, body, more]: [string, string, string | Buffer, object?]) {
  const sending = sendStream(url, key, more);
  await sending.write(body);
  sending.end();
  return sending.rest();
}
