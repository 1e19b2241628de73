import type { Envelope, Identity } from '../../src/complaint/envelope.js';

/** An envelope of the REST kind with this text; `id` is the sender's own. */
export function envelope(text: string, id?: string, feed = 'api'): Envelope {
  const identity: Identity =
    id === undefined ? { kind: 'none' } : { kind: 'sender', space: 'externalId', value: id };
  return {
    feed,
    source: 'api',
    identity,
    content: [text],
    raw: Buffer.from(JSON.stringify({ text })),
    format: { kind: 'json' },
    position: { kind: 'request', of: 'r1', index: 1 },
  };
}

/** The same with keys of the sender's own. */
export const posted = (extra: Readonly<Record<string, string>>, id?: string): Envelope => ({
  ...envelope('no network', id),
  content: [JSON.stringify(extra), id ?? ''],
  raw: Buffer.from(JSON.stringify({ text: 'no network', extra })),
});
