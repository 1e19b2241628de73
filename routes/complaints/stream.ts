import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { LIMITS } from '../../src/complaint/limits.js';
import { RestComplaint } from '../../src/complaint/rest.js';
import type { Service } from '../../src/service.js';
import { openBody } from '../../src/sources/api/body.js';
import { isPacked, takeStream } from '../bodies.js';
import type { App } from '../context.js';
import { problemResponse } from '../problem.js';
import { countRefusal } from '../refusals.js';
import { beginAnswer, beginStream, endStream } from '../server.js';
import { FeedQuery, KeyHeader, openDoorFirst, postContext } from './door.js';
import { acceptItems, type Item } from './items.js';
import { ANSWER, type Done, problemOf } from './stream-end.js';
import { pour } from './stream-pour.js';

const LINES = 'application/x-ndjson';
/** How long a sender has to hear the last line before it is cut off in the middle of what it still sends, ms. */
const LINGER_MS = 2_000;

type Options = { readonly service: Service; readonly idleMs: number };

/** `POST /v1/complaints/stream`: any number, each for itself, answered while they come. */
export async function stream(app: App, { service, idleMs }: Options): Promise<void> {
  const stopping = new AbortController();
  const open = new Set<Promise<unknown>>();
  app.addHook('preClose', async () => stopping.abort());
  // The doors are closed after the app: what is on its way to them goes first.
  app.addHook('onClose', async () => void (await Promise.allSettled(open)));
  openDoorFirst(app, service);
  takeStream(app, LINES);
  app.post(
    '/v1/complaints/stream',
    {
      config: { auth: 'ingest', door: true },
      validatorCompiler: (part) =>
        part.httpPart === 'body' ? (data) => ({ value: data }) : validatorCompiler(part as never),
      schema: {
        tags: ['complaints'],
        summary: 'Push any number of complaints in one request',
        description: `One complaint a line, packed with gzip or not; there is no limit to their number. The answer comes while you send, one line an item and in order: read it, or you will be held up. What a line calls \`accepted\` is durable. Only the last line has \`done\`: without it the answer broke off. With an \`Idempotency-Key\` an item without \`externalId\` is told by the key and its place, so the same stream can be sent again. Streams take the slower lane, and a key over its limit is slowed down. The sender may be silent for ${LIMITS.streamIdle.value} s.`,
        consumes: [LINES],
        querystring: FeedQuery,
        headers: KeyHeader,
        body: RestComplaint,
        response: {
          200: { description: 'Read the lines.', content: { [LINES]: { schema: ANSWER } } },
          408: problemResponse('Nothing came for too long, and no item before.'),
          413: problemResponse('The gzip stream unpacks to far more than text does.'),
          415: problemResponse(`Not ${LINES} in UTF-8, or packed with something else than gzip.`),
        },
      },
    },
    async (request, reply) => {
      request.server.takeItems(request, 0); // who owes too much waits before a line is read
      const streaming = answer(request, reply, { service, idleMs, stopped: stopping.signal });
      open.add(streaming);
      await streaming.finally(() => open.delete(streaming));
      await reply;
    },
  );
}

type AnswerOptions = Options & { readonly stopped: AbortSignal };

/** Throws a problem if nothing was said before the end; afterwards the last line tells it. */
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { service, idleMs, stopped }: AnswerOptions,
): Promise<void> {
  const { raw, server } = request;
  const counts = { read: 0, accepted: 0, repeated: 0, conflict: 0, refused: 0 };
  const lines = linesOf(request, reply, idleMs);
  beginStream(raw.socket);
  reply.raw.once('close', () => endStream(raw.socket));
  const end = await pour({
    open: (busy) => openBody(raw, { gzip: isPacked(request), idleMs, busy }),
    context: postContext(request, service.now()),
    now: service.now,
    diskLow: () => service.closedBecause() === 'disk_low',
    accept: (made, first) => acceptItems(service, request, made, first),
    owe: (items) => server.oweItems(request, items),
    async say(items) {
      for (const { outcome } of items) {
        counts.read += 1;
        counts[outcome] += 1;
      }
      await lines.write(items);
    },
    stopped,
  });
  if (end.cause !== undefined || stopped.aborted) partAfter(request, reply);
  const problem = problemOf(end, counts.read);
  if (counts.read === 0 && problem) {
    if (end.cause === 'idle') await countRefusal(service, request, 'malformed'); // others are counted as they are thrown
    throw problem;
  }
  // What can't be unpacked is refused as a whole: how many items it holds is not known.
  if (end.cause === 'not_gzip' || end.cause === 'bomb')
    await countRefusal(service, request, end.cause === 'bomb' ? 'too_large' : 'malformed');
  await lines.write([
    problem ? { done: false, reason: problem.code, detail: problem.detail, counts } : { done: true, counts },
  ]);
  lines.end();
}

/** The answer, begun with its first line, so that a stream that comes to nothing is answered with a status. */
function linesOf(request: FastifyRequest, reply: FastifyReply, idleMs: number) {
  const out = new PassThrough();
  const gone = new AbortController();
  out.on('close', () => gone.abort());
  let begun = false;
  return {
    /** Resolves when more may be written; who does not read for too long is cut off. */
    async write(values: readonly (Item | Done)[]): Promise<void> {
      if (!begun) {
        begun = true;
        beginAnswer(request.raw.socket);
        reply.type(LINES).send(out);
      }
      if (out.destroyed) return;
      if (out.write(values.map((value) => `${JSON.stringify(value)}\n`).join(''))) return;
      const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(idleMs)]);
      await once(out, 'drain', { signal }).catch(() => {
        if (!out.destroyed) request.raw.destroy();
      });
    },
    end: () => void out.end(),
  };
}

/** Hangs up once the sender has had the time to hear the answer; at once if it has sent all. */
function partAfter({ raw }: FastifyRequest, reply: FastifyReply): void {
  const { socket } = raw;
  const limit = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(limit));
  reply.raw.once('finish', () => {
    if (raw.readableEnded) socket.destroySoon();
    else raw.once('end', () => socket.destroySoon());
  });
}
