import { z } from 'zod';
import { LIMITS, limit } from '../src/complaint/limits.js';
import { answerOf, Classified } from '../src/inference/classified.js';
import type { Service } from '../src/service.js';
import { seenText } from '../src/transform/seen.js';
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
          'Texts are cleaned and redacted as in the pipeline, labelled by the same model ahead of bulk work, and forgotten.',
        querystring: z.strictObject({ explain: Flag.optional().describe('With the words that decided.') }),
        body: Body,
        response: {
          200: Answer,
          413: problemResponse('The body is over the limit.'),
          503: problemResponse('This process runs without the role `workers`, so it has no model.'),
        },
      },
    },
    async (request) => {
      const { items } = request.body;
      request.server.takeItems(request, items.length);
      if (!service.inference)
        throw new ProblemError(
          'not_ready',
          'This process has no model: it runs without the role `workers`. Ask one that has.',
        );
      const { region } = service.config.operator;
      const answers = await service.inference.classify(
        items.map(({ text }, i) => ({ id: String(i), text: seenText(text, region) })),
        'live',
      );
      return {
        items: answers.map((answer, i) => answerOf(items[i]?.id, answer, request.query.explain === true)),
      };
    },
  );
}
