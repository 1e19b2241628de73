import { z } from 'zod';
import { LIMITS } from './limits.js';

/**
 * Version of the aligned schema that this code makes. Aligned records are not stored, so a new one migrates nothing: what
 * is staged is aligned by it from then on, and complaints in gold say which one they were made by (`lineage`).
 */
export const ALIGNED_VERSION = 1;

export const SOURCES = ['x', 'call_log', 'sms', 'form', 'api', 'webhook'] as const;
export const Source = z.enum(SOURCES).describe('Kind of channel a complaint came through.');
export type Source = z.infer<typeof Source>;

const short = z.string().trim().min(1).max(LIMITS.fieldChars.value);

/** How the operator knows the customer. All of it is personal data: it never leaves the transform in clear. */
export const Customer = z
  .object({
    msisdn: short.optional().describe('Phone number, as the sender wrote it.'),
    account: short.optional().describe('Account number; a string, zeros kept.'),
    email: short.optional().describe('E-mail address.'),
    handle: short.optional().describe('Social handle, with or without @.'),
  })
  .strict();
export type Customer = z.infer<typeof Customer>;

/** One complaint in the common shape, whatever its source said. Built from the raw piece, never stored in clear. */
export const AlignedV1 = z
  .object({
    text: z.string().min(1).max(LIMITS.textChars.value).describe("The customer's words."),
    occurredAt: z.date().describe('When it happened or was written (UTC instant); receivedAt if unknown.'),
    receivedAt: z.date().describe('When Redress took it in.'),
    channel: short.optional().describe('Finer than source: "Customer Care Call", "WhatsApp", ...'),
    customer: Customer,
    place: short.optional(),
    languageHint: short.optional(),
    sourceCategory: short.optional().describe("The sender's own category, kept as a column, never trusted."),
    sourceStatus: short.optional().describe("The sender's own status; decides closed_at_source."),
    sourceRef: short.optional().describe("The sender's own ticket or reference number."),
    conversationRef: short.optional(),
    agentRef: short.optional(),
    customerTier: short.optional(),
    media: z.array(z.string().max(LIMITS.fieldChars.value)).max(LIMITS.mediaLinks.value),
    extra: z.record(z.string(), z.string().max(LIMITS.textChars.value)),
  })
  .strict();
export type AlignedV1 = z.infer<typeof AlignedV1>;

/** Fields of aligned v1 that a column can be mapped to. */
export const MAPPABLE = [
  'text',
  'occurredAt',
  'occurredDate',
  'occurredTime',
  'channel',
  'msisdn',
  'account',
  'email',
  'handle',
  'place',
  'languageHint',
  'sourceCategory',
  'sourceStatus',
  'sourceRef',
  'conversationRef',
  'agentRef',
  'customerTier',
  'media',
] as const;
export type Mappable = (typeof MAPPABLE)[number];
