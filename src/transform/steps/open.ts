import type { Cipher } from '../../governance/cipher.js';
import type { Opened, Received } from '../items.js';
import type { Step } from '../step.js';

/** Adds the raw bytes, decrypted. The only place, beside an audited look, where they are. */
export function open(cipher: Cipher): Step<Received, Opened> {
  return function open(items) {
    return items.map((item) => {
      const bytes = cipher.open(Buffer.from(item.record.raw.buffer), item.id);
      return bytes
        ? { ok: { ...item, bytes } }
        : { quarantine: 'unreadable' as const, detail: 'no key of the configured versions opens it' };
    });
  };
}
