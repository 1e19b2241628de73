import { z } from 'zod';
import { readLedger } from '../src/operations/ledger/ledger.js';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { instant, When } from './params.js';

const count = (what: string) => z.int().describe(what);
const Verdict = z
  .enum(['balanced', 'settling', 'broken'])
  .describe('settling: no more is open than what is in flight. broken: something is missing.');

const Row = z.object({
  run: z.string().describe('Run.'),
  feed: z.string().describe('Feed.'),
  day: z.string().describe('UTC day of receipt.'),
  kind: z.string().describe('door, import, job, or unknown if the run record is gone.'),
  name: z.string().describe('Name of the run.'),
  status: z.string().describe('Status of the run; missing if its record is gone.'),
  read: count('Read: the sum of the next four.'),
  accepted: count('Accepted.'),
  repeated: count('Repeated.'),
  conflict: count('Conflicts.'),
  refused: count('Refused.'),
  inFlight: count('Accepted and not yet decided.'),
  transformed: count('Transformed.'),
  quarantined: count('In quarantine.'),
  discarded: count('Discarded by a person.'),
  failed: count('Failed.'),
  routing: z.record(z.string(), z.int().describe('Complaints.')).describe('Complaints by routing state.'),
  deliveries: z
    .object({ waiting: count('Waiting.'), delivered: count('Delivered.'), dead: count('Given up.') })
    .describe('Deliveries by state.'),
  verdict: Verdict,
  broken: z
    .array(
      z.object({
        name: z.string().describe('Check that does not hold.'),
        expected: count('What one layer says.'),
        found: count('What the other says.'),
        slack: count('How far they may differ while work is in flight.'),
      }),
    )
    .describe('Checks that do not hold.'),
  missing: z.array(z.string().describe('Id.')).describe('Some of the missing ids.'),
});

const Body = z
  .object({
    at: z.date().describe('When it was counted.'),
    rows: z.array(Row).describe('One a run, feed and day.'),
    trends: z
      .object({
        gold: count('Complaints.'),
        trends: count('Complaints in the hourly counts.'),
        stale: count('Hours waiting to be counted again.'),
        verdict: Verdict,
      })
      .describe('Whether the trends hold every complaint.'),
    verdict: Verdict,
  })
  .describe('Whether everything read is accounted for.');

const Query = z.strictObject({
  since: When.optional().describe(
    'From this day on; default: everything. A day in the operator zone, or a time.',
  ),
});

/** `GET /v1/ledger`: does everything add up. */
export async function ledger(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/ledger',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'The ledger',
        description: 'Counted in independent places and compared: a record lost anywhere turns it `broken`.',
        querystring: Query,
        response: { 200: Body },
      },
    },
    async ({ query }) => {
      const since = query.since && instant(query.since, service.config.operator.zone);
      const { at, rows, trends, verdict } = await readLedger(
        service.ledger,
        since ? { since } : {},
        service.now,
      );
      return {
        at,
        trends,
        verdict,
        rows: rows.map((r) => ({ ...r, broken: [...r.broken], missing: [...r.missing] })),
      };
    },
  );
}
