import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isRedressError } from '../../src/complaint/errors.js';
import { LIMITS } from '../../src/complaint/limits.js';
import { redactText } from '../../src/governance/privacy/redact.js';
import { encodeCursor } from '../../src/gold/query.js';
import type { Service } from '../../src/service.js';
import { DISCARDED, type QuarantineFilter, REPLAYED } from '../../src/staging/quarantine.js';
import {
  acceptConflict,
  type Decided,
  type DecideDeps,
  discard,
  replay,
} from '../../src/staging/quarantine-decide.js';
import { OUTDATED_FIX, outdatedFor, outdatedWords } from '../../src/transform/outdated.js';
import { takeJson } from '../bodies.js';
import type { App } from '../context.js';
import { CursorText, cursorOf } from '../params.js';
import { ProblemError, problemResponse } from '../problem.js';
import { filterOf, filterOver } from './schemas.js';

const dryRun = z.boolean().default(false).describe('Only say what would be done.');
const cursor = CursorText.optional().describe('`next` of the answer before; goes with the same filter.');

const Replay = z.strictObject({ filter: filterOver(REPLAYED, 'both'), dryRun, cursor });
const Discard = z.strictObject({
  filter: filterOver(DISCARDED, 'quarantined and failed, with `ids` any of them'),
  why: z.string().trim().min(1).max(LIMITS.fieldChars.value).describe('Why; kept in the audit, redacted.'),
  dryRun,
  cursor,
});

const Done = z
  .object({
    dryRun: z.boolean().describe('True: nothing was changed.'),
    found: z.int().describe('Records that the filter finds, from the cursor on.'),
    changed: z.int().describe('Records changed.'),
    notReplayable: z
      .record(z.string(), z.int())
      .describe('Found, but left as they are, by reason: their raw piece is cut.'),
    next: z
      .string()
      .optional()
      .describe(
        `There is more: ask again with this as \`cursor\`. One request changes at most ${LIMITS.decideItems.value}.`,
      ),
  })
  .describe('What was done.');

const WRONG_TYPE = { 415: problemResponse('Not application/json in UTF-8.') };

/** What was corrected must be in effect where the records are worked on. */
async function refuseOutdated(filter: QuarantineFilter, service: Service): Promise<void> {
  const outdated = await outdatedFor(filter, service).catch((error: unknown) => {
    // A file that the service could not be started with: the mistake in it is named.
    throw isRedressError(error) ? new ProblemError('settings_outdated', error.message) : error;
  });
  if (outdated.length > 0)
    throw new ProblemError('settings_outdated', `${outdatedWords(outdated)} ${OUTDATED_FIX}`);
}

/** Replay, discard and accept: what people decide about records in quarantine. */
export async function decideQuarantine(app: App, { service }: { service: Service }): Promise<void> {
  takeJson(app);
  const { zone, region } = service.config.operator;
  const depsOf = ({ apiKey }: FastifyRequest): DecideDeps => ({ ...service, by: apiKey?.name ?? '' });
  const optionsOf = (body: { dryRun: boolean; cursor?: string | undefined }) => ({
    dryRun: body.dryRun,
    after: cursorOf(body.cursor)?.cursor,
    // An ordered stop does not wait for ten thousand records.
    onBatch: () => service.closedBecause() !== 'stopping',
  });
  const answer = ({ next, ...done }: Decided, dry: boolean) => ({
    ...done,
    notReplayable: { ...done.notReplayable },
    dryRun: dry,
    ...(next ? { next: encodeCursor(next) } : {}),
  });

  app.post(
    '/v1/quarantine/replay',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['quarantine'],
        summary: 'Send records through the transform again',
        description:
          'After what was wrong is corrected and the service started with it; as long as it works by other settings than config/sources.yaml has, nothing is changed. Their times stay as they were; what fails again comes back with its reason of then.',
        consumes: ['application/json'],
        body: Replay,
        response: {
          200: Done,
          409: problemResponse('The service still works by older settings of the feed than its file has.'),
          ...WRONG_TYPE,
        },
      },
    },
    async (request) => {
      const { body } = request;
      const filter = filterOf(body.filter, zone);
      if (!body.dryRun) await refuseOutdated(filter, service);
      return answer(await replay(filter, depsOf(request), optionsOf(body)), body.dryRun);
    },
  );

  app.post(
    '/v1/quarantine/discard',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['quarantine'],
        summary: 'Put records aside for good',
        description:
          'They stay in staging and in the ledger as `discarded`, with who, when and why. The same record again is `repeated`.',
        consumes: ['application/json'],
        body: Discard,
        response: { 200: Done, ...WRONG_TYPE },
      },
    },
    async (request) => {
      const { body } = request;
      const filter = filterOf(body.filter, zone);
      const why = redactText(body.why, region);
      return answer(await discard(filter, why, depsOf(request), optionsOf(body)), body.dryRun);
    },
  );

  app.post(
    '/v1/quarantine/:id/accept',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['quarantine'],
        summary: 'Make a conflict a complaint of its own',
        description: 'Under its own id and reference, beside the one it disagrees with. No body.',
        params: z.object({ id: z.string().min(1).max(64).describe('Id of the conflict.') }),
        response: {
          200: z
            .object({
              id: z.string().describe('Id.'),
              reference: z.string().describe('Reference.'),
            })
            .describe('It is transformed within seconds.'),
          404: problemResponse('There is no conflict with this id.'),
        },
      },
    },
    async (request) => {
      const result = await acceptConflict(request.params.id, depsOf(request));
      if (result.outcome === 'accepted') return { id: result.id, reference: result.reference };
      throw new ProblemError(
        result.outcome === 'cut' ? 'invalid' : 'not_found',
        NOT_ACCEPTED[result.outcome],
      );
    },
  );
}

const NOT_ACCEPTED = {
  unknown: 'No record has this id.',
  no_conflict: 'The record is no conflict (any more). See /v1/quarantine and /v1/complaints for its state.',
  cut: 'Only the beginning of its raw piece is kept, so it can not become a complaint. Discard it.',
} as const;
