import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may do. `admin` may do everything. */
export const SCOPES = ['ingest', 'read', 'desk', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** An API key as stored: the secret itself is shown once and kept nowhere. */
export type ApiKey = {
  /** Public part of the key; shown in lists and in the audit. */
  readonly _id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** sha256 of the secret part, hex. The secret has 256 random bits: a slow hash would protect nothing more. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly revokedAt?: Date;
};

const FORM = /^rdk_([a-f0-9]{12})_([A-Za-z0-9_-]{43})$/;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A new key and the text to hand out, `rdk_<id>_<secret>`. */
export function newKey(name: string, scopes: readonly Scope[], now: Date): { key: ApiKey; token: string } {
  const _id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { key: { _id, name, scopes, hash: sha256(secret), createdAt: now }, token: `rdk_${_id}_${secret}` };
}

export type KeyChecker = {
  /** The key of a token, or undefined; unknown, wrong and revoked are not told apart. */
  check(token: string): Promise<ApiKey | undefined>;
};

/** Looks keys up, remembering each for `rememberMs`: a revoked key is refused at the latest after that. */
export function keyChecker(deps: {
  readonly find: (id: string) => Promise<ApiKey | null>;
  readonly now: () => Date;
  readonly rememberMs?: number;
}): KeyChecker {
  const known = new Map<string, { readonly key: ApiKey | null; readonly until: number }>();
  const { rememberMs = 10_000 } = deps;
  return {
    async check(token) {
      const [, id, secret] = FORM.exec(token) ?? [];
      if (id === undefined || secret === undefined) return undefined;
      const now = deps.now().getTime();
      let entry = known.get(id);
      if (!entry || entry.until <= now) {
        if (known.size > 10_000) known.clear(); // made-up ids must not fill the memory
        entry = { key: await deps.find(id), until: now + rememberMs };
        known.set(id, entry);
      }
      const { key } = entry;
      if (!key || key.revokedAt) return undefined;
      const same = timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(key.hash));
      return same ? key : undefined;
    },
  };
}

export const allows = (key: ApiKey, scope: Scope): boolean =>
  key.scopes.includes('admin') || key.scopes.includes(scope);
