import { Agent, request } from 'node:http';
import { bodyOf, someTexts } from '../texts.js';

export type HttpLoad = {
  readonly url: string;
  readonly key: string;
  /** Complaints to post. */
  readonly n: number;
  /** Complaints in a request: 1 posts singly, more posts JSON arrays. */
  readonly batch: number;
  /** Requests under way at a time, each on a kept connection. */
  readonly concurrency: number;
  /** Part of every externalId; a second call with the same tag would be repeats. */
  readonly tag: string;
};

/** The request bodies, made before the clock runs. */
export function bodiesOf({ n, batch, tag }: Pick<HttpLoad, 'n' | 'batch' | 'tag'>): Buffer[] {
  const items = someTexts(n).map((text, i) => bodyOf(text, tag, i));
  if (batch === 1) return items.map((item) => Buffer.from(JSON.stringify(item)));
  const bodies: Buffer[] = [];
  for (let at = 0; at < n; at += batch) bodies.push(Buffer.from(JSON.stringify(items.slice(at, at + batch))));
  return bodies;
}

function post(url: URL, key: string, agent: Agent, body: Buffer): Promise<void> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) return resolve();
        const text = Buffer.concat(chunks).toString('utf8').slice(0, 300);
        reject(new Error(`bench: ${url.pathname} answered ${status}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts everything; rejects if any request is not answered with a 2xx. */
export async function postAll(load: HttpLoad, bodies: readonly Buffer[]): Promise<void> {
  const url = new URL(load.batch === 1 ? '/v1/complaints' : '/v1/complaints/batch', load.url);
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  let next = 0;
  const lane = async () => {
    for (let body = bodies[next++]; body; body = bodies[next++]) await post(url, load.key, agent, body);
  };
  try {
    await Promise.all(Array.from({ length: load.concurrency }, lane));
  } finally {
    agent.destroy();
  }
}
