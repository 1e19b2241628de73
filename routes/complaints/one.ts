import { z } from 'zod';
import { findComplaint } from '../../src/gold/query.js';
import type { Service } from '../../src/service.js';
import type { App } from '../context.js';
import { IdOrReference } from '../params.js';
import { ProblemError, problemResponse } from '../problem.js';
import { StagedRecord, WholeComplaint } from './schemas.js';
import { stagedView, wholeView } from './views.js';

/** `GET /v1/complaints/:id`: one complaint with its whole way, or where it is on it. */
export async function one(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/complaints/:id',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['complaints'],
        summary: 'One complaint with its whole way',
        description:
          'From the raw piece over model and rule to Slack and ticket. What is still being worked on, or is in quarantine, shows nothing of its text.',
        params: IdOrReference,
        response: {
          200: z
            .discriminatedUnion('state', [WholeComplaint, StagedRecord])
            .describe('The complaint, or where it is.'),
          404: problemResponse('No complaint has this id or reference.'),
        },
      },
    },
    async ({ params }) => {
      const complaint = await findComplaint(service.gold, params.id);
      if (complaint) return wholeView(service, complaint);
      const record = await service.staging.find(params.id);
      if (record) return stagedView(service, record);
      throw new ProblemError(
        'not_found',
        'No complaint has this id or reference. While many wait to be worked on, one that is not yet is found by its id only.',
      );
    },
  );
}
