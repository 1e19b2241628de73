import { z } from 'zod';
import { isRedressError } from '../src/complaint/errors.js';
import { LIMITS, limit } from '../src/complaint/limits.js';
import { answerOf, Classified } from '../src/inference/classified.js';
import type { Inference } from '../src/inference/port.js';
import type { Service } from '../src/service.js';
import { seenTexts } from '../src/transform/seen.js';
import { takeJson } from './bodies.js';
import type { App } from './context.js';
import { Flag } from './params.js';
import { ProblemError, problemResponse } from './problem.js';

const Item = z.strictObject({
  id: z.string().max(LIMITS.idChars.value).optional().describe('Comes back with the answer.'),
  text: z.string().max(LIMITS.textChars.value).describe('Any text; empty has a defined answer too.'),
});
const Body = z
  .strictObject({
    items: z
      .array(Item)
      .min(1)
      .max(LIMITS.receiptItems.value)
      .describe('Texts to label; the answers are in their order.'),
  })
  .describe('Nothing of it is stored.');

const Answer = z.object({
  items: z
    .array(
      z.union([
        Classified,
        z.object({
          id: z.string().optional().describe('Yours, as it was sent.'),
          error: z.string().describe('Why this text could not be labelled; its neighbours were.'),
        }),
      ]),
    )
    .describe('One answer for each text, in order.'),
});

/** `POST /v1/classify`: labels texts as the pipeline would, without storing them. */
export async function classify(app: App, { service }: { service: Service }): Promise<void> {
  takeJson(app);
  app.post(
    '/v1/classify',
    {
      config: { auth: 'read' },
      bodyLimit: limit('batchBytes'),
      schema: {
        tags: ['complaints'],
        summary: 'Label texts without storing them',
        description:
          'Texts are cleaned and redacted as in the pipeline, labelled by the same model after live complaints and before bulk work, and forgotten.',
        consumes: ['application/json'],
        querystring: z.strictObject({ explain: Flag.optional().describe('With the words that decided.') }),
        body: Body,
        response: {
          200: Answer,
          413: problemResponse('The body, or its texts together, are over the limit.'),
          503: problemResponse(
            'Too many texts are waiting (`busy`), or this process runs without the role `workers` and has no model.',
          ),
        },
      },
    },
    async (request, reply) => {
      const { items } = request.body;
      request.server.takeItems(request, items.length);
      const inference = mayAsk(service, items);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      try {
        const texts = await seenTexts(
          items.map(({ text }) => text),
          service.config.operator,
          gone.signal,
        );
        const asked = texts.map((text, i) => ({ id: String(i), text }));
        const answers = await inference.classify(asked, 'asked', gone.signal);
        return {
          items: answers.map((answer, i) => answerOf(items[i]?.id, answer, request.query.explain === true)),
        };
      } catch (error) {
        if (gone.signal.aborted) return reply.hijack(); // nobody is there to be answered
        if (isRedressError(error) && error.code === 'closed')
          throw new ProblemError('stopping', 'The service is stopping. Send it again in a few seconds.');
        throw error;
      }
    },
  );
}

/** The model, if it is there and what waits for it leaves room for these. */
function mayAsk({ inference }: Service, items: readonly { readonly text: string }[]): Inference {
  if (!inference)
    throw new ProblemError(
      'not_ready',
      'This process has no model: it runs without the role `workers`. Ask one that has.',
    );
  const chars = items.reduce((n, { text }) => n + text.length, 0);
  if (chars > limit('classifyChars'))
    throw new ProblemError(
      'too_large',
      `The texts have ${chars} characters together, and ${limit('classifyChars')} are labelled at a time. Send fewer in a request, or use the command \`redress classify\`.`,
    );
  if (inference.waiting('asked') >= limit('classifyWaiting'))
    throw new ProblemError('busy', 'Other requests are waiting to be labelled. Try again in five seconds.', {
      headers: { 'retry-after': '5' },
    });
  return inference;
}
