import { z } from 'zod';
import { Source } from '../src/complaint/aligned.js';
import { Category, Sentiment } from '../src/complaint/labels.js';
import { instantOf, wallClock } from '../src/complaint/zones.js';
import { Zone } from '../src/config/places.js';
import { readTrends } from '../src/gold/trends.js';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { Flag, instant, When } from './params.js';
import { ProblemError } from './problem.js';

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Days of one answer at most. */
const MOST_DAYS = { hour: 92, day: 3_660 } as const;
const SPLITS = ['category', 'sentiment', 'source'] as const;
type Split = (typeof SPLITS)[number];
const isSplit = (word: string): word is Split => (SPLITS as readonly string[]).includes(word);

const Query = z.strictObject({
  from: When.optional().describe(
    'Begin: a day in `zone` or a time with zone, rounded down to the hour. Default: 7 days to now.',
  ),
  to: When.optional().describe('End, not included. Default: now.'),
  by: z
    .enum(['hour', 'day'])
    .default('day')
    .describe(`Unit of a point. By hour at most ${MOST_DAYS.hour} days.`),
  split: z
    .string()
    .max(60)
    .transform((t) => [...new Set(t.split(',').map((w) => w.trim()))].filter((w) => w !== ''))
    .refine((words) => words.every(isSplit), { error: `takes ${SPLITS.join(', ')}, with commas` })
    .optional()
    .describe('What to keep apart: category, sentiment, source, with commas. Default: nothing.'),
  // Not the schema of the settings itself: its message repeats what was given.
  zone: z
    .string()
    .max(64)
    .refine((t) => Zone.safeParse(t).success, { error: 'is no IANA time zone (like Africa/Lagos or UTC)' })
    .optional()
    .describe('IANA zone that days begin in; default: the zone of the operator.'),
  category: Category.optional(),
  sentiment: Sentiment.optional(),
  source: Source.optional(),
  negative: Flag.optional().describe('Only negative complaints, or only the others.'),
});

const Point = z.object({
  at: z.string().describe('Begin of the hour (UTC), or the day in `zone`.'),
  count: z.int().describe('Complaints.'),
  negative: z.int().describe('Negative ones among them.'),
  category: Category.optional(),
  sentiment: Sentiment.optional(),
  source: Source.optional(),
});

const Trends = z
  .object({
    from: z.date().describe('Begin of what was counted.'),
    to: z.date().describe('End of what was counted, not included.'),
    by: z.enum(['hour', 'day']).describe('Unit of a point.'),
    zone: z.string().describe('Zone of the days.'),
    points: z.array(Point).describe('In order of time; hours and days without complaints are left out.'),
  })
  .describe('Complaints over time, by when the customer wrote them.');

const invalid = (parameter: string, detail: string): ProblemError =>
  new ProblemError('invalid', 'The query does not fit: see `errors`.', { errors: [{ parameter, detail }] });

function rangeOf(query: { from?: string | undefined; to?: string | undefined }, zone: string, now: Date) {
  const to = query.to ? instant(query.to, zone) : now;
  const today = Math.floor(wallClock(to.getTime(), zone) / DAY) * DAY;
  const from = query.from ? instant(query.from, zone).getTime() : instantOf(today - 6 * DAY, zone);
  return { from: new Date(Math.floor(from / HOUR) * HOUR), to };
}

/** `GET /v1/trends`: counts over time. */
export async function trends(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/trends',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'Complaints over time',
        description: 'Counted from the labelled complaints by hour; the answer is never older than they are.',
        querystring: Query,
        response: { 200: Trends },
      },
    },
    async ({ query }) => {
      const { by, split = [], zone = service.config.operator.zone } = query;
      const { from, to } = rangeOf(query, zone, service.now());
      if (from >= to) throw invalid('from', 'must lie before `to`');
      if (to.getTime() - from.getTime() > (MOST_DAYS[by] + 1) * DAY)
        throw invalid('from', `by ${by} at most ${MOST_DAYS[by]} days are answered at a time`);
      const { category, sentiment, source, negative } = query;
      const given = Object.entries({ category, sentiment, source, negative }).filter(
        ([, v]) => v !== undefined,
      );
      const only = Object.fromEntries(given);
      const points = await readTrends(service.gold, {
        from,
        to,
        by,
        zone,
        split: split.filter(isSplit),
        only,
      });
      return { from, to, by, zone, points: points as z.infer<typeof Point>[] };
    },
  );
}
