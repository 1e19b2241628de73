import { z } from 'zod';
import { LIMITS } from './limits.js';

const field = z.string().trim().min(1).max(LIMITS.fieldChars.value);

/** Body of `POST /v1/complaints` and each item of a batch (REST schema version 1). Unknown keys are refused. */
export const RestComplaint = z
  .object({
    text: z.string().trim().min(1).max(LIMITS.textChars.value).describe("The customer's words, unchanged."),
    externalId: z
      .string()
      .trim()
      .min(1)
      .max(LIMITS.idChars.value)
      .optional()
      .describe('Your own id of this complaint, a string. The same id again is answered as `repeated`.'),
    occurredAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe(
        'When the customer wrote it, ISO 8601 with zone, e.g. 2026-11-25T09:30:00+01:00. Default: now.',
      ),
    channel: field.optional().describe('Finer than the feed: "WhatsApp", "walk-in", ...'),
    customer: z
      .object({
        msisdn: field.optional().describe('Phone number, any spelling; a string.'),
        account: field.optional().describe('Account number; a string.'),
        email: field.optional().describe('E-mail address.'),
        handle: field.optional().describe('Social handle.'),
      })
      .strict()
      .optional()
      .describe('How you know the customer. Stored encrypted; everything downstream sees a keyed hash.'),
    place: field.optional().describe('Where, as you know it.'),
    languageHint: field.optional().describe('BCP 47 tag, if you know the language.'),
    category: field.optional().describe('Your own category, kept as `sourceCategory`, never trusted.'),
    status: field
      .optional()
      .describe("Your own status; one of the feed's `closedStatuses` keeps it from being routed."),
    sourceRef: field.optional().describe('Your own ticket or reference number.'),
    conversationRef: field.optional().describe('Conversation or thread this belongs to.'),
    agentRef: field.optional().describe('Agent who took it.'),
    customerTier: field.optional().describe('Customer segment.'),
    media: z.array(field).max(LIMITS.mediaLinks.value).optional().describe('Links to media; not fetched.'),
    extra: z
      .record(z.string().max(LIMITS.idChars.value), z.string().max(LIMITS.fieldChars.value))
      .refine(
        (r) => Object.keys(r).length <= LIMITS.extraKeys.value,
        `at most ${LIMITS.extraKeys.value} keys`,
      )
      .optional()
      .describe('Anything else you want kept, as strings.'),
  })
  .strict();
export type RestComplaint = z.infer<typeof RestComplaint>;
