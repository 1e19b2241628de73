import { z } from 'zod';
import { Source } from '../../src/complaint/aligned.js';
import { Entities } from '../../src/complaint/entities.js';
import { ROUTING_STATES } from '../../src/complaint/gold.js';
import { Category, ComplaintFlag, Sentiment, Urgency } from '../../src/complaint/labels.js';
import { Prediction } from '../../src/complaint/prediction.js';
import { QUARANTINE_REASONS } from '../../src/complaint/reasons.js';

const time = (what: string) => z.date().describe(what);
const maybe = (what: string) => z.string().optional().describe(what);
const links = z
  .object({ self: z.string().describe('Address of the complaint.') })
  .describe('Where to look next.');

export const RoutingState = z
  .enum(ROUTING_STATES)
  .describe(
    'due: a team got it. Others say why none did: historic, closed_at_source, not_negative, spam, linked, held.',
  );

const Labels = z.object({
  category: Category,
  sentiment: Sentiment,
  complaint: ComplaintFlag,
  urgency: Urgency,
  by: z.enum(['model', 'human']).describe('Who set them: a person overrules the model.'),
});

/** A complaint as in lists. */
export const ComplaintItem = z.object({
  id: z.string().describe('Id, from the door to the ticket.'),
  reference: z.string().describe('Short reference with a check letter.'),
  feed: z.string().describe('Feed it came through.'),
  source: Source,
  receivedAt: time('When Redress took it in.'),
  occurredAt: time('When the customer wrote it; receivedAt if the sender did not say.'),
  text: z.string().describe('Cleaned and redacted text.'),
  entities: Entities.optional().describe('What the text says beside its labels.'),
  customer: maybe('Keyed hash of the customer: equal hash, same customer.'),
  channel: maybe('Channel, finer than source.'),
  place: maybe('Place as the sender knows it.'),
  sourceCategory: maybe("The sender's own category, never trusted."),
  sourceStatus: maybe("The sender's own status."),
  sourceRef: maybe("The sender's own number of it: its ticket, or the `externalId`."),
  conversationRef: maybe('Conversation it belongs to, as the sender knows it.'),
  customerTier: maybe('Customer segment, as the sender knows it.'),
  languageHint: maybe('Language, as the sender knows it.'),
  labels: Labels.describe('Labels that count.'),
  negative: z.boolean().describe('Whether it is a negative complaint: what routing and trends go by.'),
  negativeScore: z.number().describe('Score behind `negative`, 0 to 1.'),
  review: z
    .array(z.string().describe('Reason.'))
    .describe('Why a person should look at the labels; empty: no need.'),
  routing: z
    .object({
      state: RoutingState,
      team: maybe('Team it went to.'),
      rule: maybe('Rule that chose the team.'),
      priority: z.enum(['normal', 'high']).optional().describe('Priority at the team.'),
    })
    .describe('What was decided about it.'),
  links,
});

export const Position = z
  .object({
    kind: z
      .enum(['file', 'request', 'page'])
      .describe('Where it stood: a file, a request of this API, a page of a poll.'),
    of: z.string().describe('Name and hash of the file, id of the request, or cursor of the page.'),
    index: z.int().describe('Row or item in it, from 1.'),
    line: z.int().optional().describe('First line, from 1, where there are lines.'),
  })
  .describe('Where the raw piece stood.');

const { heads } = Prediction.shape;
const described = Prediction.extend({
  modelId: z.string().describe('Model: a folder in models/.'),
  heads: heads
    .extend({
      category: heads.shape.category.describe('The team that should act first.'),
      sentiment: heads.shape.sentiment.describe("The writer's attitude to the operator."),
      complaint: heads.shape.complaint.describe('y if the operator should act for this customer.'),
      urgency: heads.shape.urgency.describe('How soon somebody should act.'),
    })
    .describe('What each head of the model says.'),
  negativeScore: z.number().describe('The score that the operating point cuts.'),
  evidence: z.array(z.string().describe('Word.')).describe('Words of the redacted text that weighed most.'),
});

const Delivery = z.object({
  id: z.string().describe('Id of the delivery, the same over every attempt.'),
  sink: z.string().describe('slack, tickets or outbox.'),
  target: z.string().describe('Channel or queue.'),
  purpose: z.string().describe('Why it is sent.'),
  seq: z.int().describe('Decision it belongs to.'),
  state: z.string().describe('pending, sending, unknown, delivered, dead, folded or superseded.'),
  attempts: z.int().describe('Tries begun.'),
  dueAt: time('When it is or was to be tried.'),
  deliveredAt: time('When it was delivered.').optional(),
  evidence: z
    .object({
      ref: z.string().describe('Slack channel and timestamp, ticket id or outbox id.'),
      url: maybe('Address of it.'),
    })
    .optional()
    .describe('Where the effect can be found.'),
  code: maybe('Machine word of the last failure.'),
});

const Conflict = z.object({
  id: z.string().describe('Id under which the other version is kept.'),
  receivedAt: time('When it came.'),
  rawHash: z.string().describe('sha256 of its raw bytes.'),
  position: Position,
});

const Way = z
  .object({
    position: Position,
    rawHash: z.string().describe('sha256 of the raw bytes, hex.'),
    run: z.string().describe('Run that took it in.'),
    receipt: z.string().describe('Receipt of that run.'),
    versions: z
      .object({
        aligned: z.int().describe('Version of the common schema.'),
        pipeline: z.int().describe('Version of the transform.'),
        software: z.string().describe('Version of Redress.'),
      })
      .describe('What it was made with.'),
    prediction: described.describe('Prediction behind the labels.'),
    predictions: z
      .array(
        z.object({
          at: time('When.'),
          modelId: z.string().describe('Model.'),
          weightsHash: z.string().describe('sha256 of its weights.'),
          textHash: z.string().describe('sha256 of the text that it saw.'),
        }),
      )
      .describe('Every prediction made, oldest first.'),
    routing: z
      .object({
        state: RoutingState,
        seq: z.int().describe('Number of the decision; an explicit re-route raises it.'),
        decidedAt: time('When.'),
        rulesVersion: z.string().describe('Version of config/routing.yaml.'),
        team: maybe('Team.'),
        rule: maybe('Rule that chose it.'),
        priority: z.enum(['normal', 'high']).optional().describe('Priority.'),
      })
      .describe('The decision.'),
    deliveries: z.array(Delivery).describe('What was sent where.'),
    ticket: z
      .object({
        id: z.string().describe('Id of the ticket.'),
        status: z.string().describe('Its status.'),
        team: z.string().describe('Team.'),
        queue: z.string().describe('Queue.'),
        assignee: maybe('Who works on it.'),
        updatedAt: time('Last change.'),
      })
      .optional()
      .describe('Ticket, where there is one.'),
    conflicts: z.array(Conflict).describe('Other versions that came under the same id.'),
  })
  .describe('From the raw piece to the ticket.');

/** A complaint with everything that happened to it. */
export const WholeComplaint = ComplaintItem.extend({
  state: z.literal('transformed').describe('It is labelled and routed.'),
  way: Way,
});

const reasons = Object.keys(QUARANTINE_REASONS).join(', ');

/** What may be said of a record that is not (or not yet) a complaint: nothing of what it says. */
export const StagedRecord = z.object({
  id: z.string().describe('Id.'),
  reference: z.string().describe('Reference.'),
  feed: z.string().describe('Feed.'),
  source: Source,
  receivedAt: time('When Redress took it in.'),
  state: z
    .enum(['received', 'quarantined', 'failed', 'discarded', 'conflict', 'missing'])
    .describe(
      'received: being worked on. quarantined, failed: needs a person. discarded: by a person. conflict: another version of `conflictsWith`. missing: transformed but not found; the ledger tells.',
    ),
  reason: z
    .object({
      code: z.string().describe(`One of ${reasons}.`),
      detail: maybe('Which column or field.'),
      fix: z.string().describe('What to do.'),
    })
    .optional()
    .describe('Why it is in quarantine.'),
  conflictsWith: maybe('Id of the complaint it disagrees with.'),
  rawHash: z.string().describe('sha256 of the raw bytes, hex.'),
  position: Position,
  conflicts: z.array(Conflict).describe('Other versions that came under the same id.'),
  links,
});
