import { setTimeout as sleep } from 'node:timers/promises';
import { RedressError } from '../src/complaint/errors.js';
import { CHECKS } from '../src/operations/ledger/balance.js';
import type { Post } from './messages.js';
import type { Site } from './site.js';

export type Outcome = 'accepted' | 'repeated' | 'conflict' | 'refused';
/** What the door said of one body; `id` of the complaint unless refused. */
export type Answer = { readonly outcome: Outcome; readonly id?: string };

/** A complaint as the API shows it, as far as the report needs it. */
export type ApiComplaint = {
  readonly id: string;
  readonly receivedAt: string;
  readonly labels: {
    readonly category: string;
    readonly sentiment: string;
    readonly complaint: string;
    readonly urgency: string;
  };
  readonly negative: boolean;
  readonly negativeScore: number;
  readonly review: readonly string[];
  readonly routing: { readonly state: string; readonly team?: string; readonly priority?: string };
};

export type ApiLedger = {
  readonly verdict: string;
  readonly rows: readonly {
    readonly run: string;
    readonly feed: string;
    readonly verdict: string;
    readonly broken: readonly {
      readonly name: keyof typeof CHECKS;
      readonly expected: number;
      readonly found: number;
    }[];
  }[];
};

export type Client = {
  /** In the order of the bodies. A door that is closed for a moment is asked again, as every body has its id. */
  post(post: Post): Promise<Answer[]>;
  complaints(): Promise<ApiComplaint[]>;
  /** Id of the complaint of each ticket. */
  tickets(): Promise<string[]>;
  /** Once it has settled, or after some seconds as it is. */
  ledger(): Promise<ApiLedger>;
};

const PAGE = 200;
const TRIES = 5;
const LEDGER_LOOKS = 20;

const failed = (what: string, status: number, body: string): RedressError =>
  new RedressError(
    'demo',
    'request_failed',
    `${what} answered ${status}: ${body.slice(0, 300)}`,
    'This should not happen; please report it.',
  );

/** The API of the service, spoken over HTTP with its key like any other client. */
export function createClient({ url, apiKey }: Pick<Site, 'url' | 'apiKey'>, signal: AbortSignal): Client {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };

  async function send(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal,
      });
      const text = await response.text();
      const { status } = response;
      if ((status !== 503 && status !== 429) || attempt === TRIES) {
        if (status >= 500) throw failed(`POST ${path}`, status, text);
        return { status, body: JSON.parse(text) };
      }
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1_000, undefined, { signal });
    }
  }

  async function get<T>(path: string): Promise<T> {
    const response = await fetch(url + path, { headers, signal });
    const text = await response.text();
    if (!response.ok) throw failed(`GET ${path}`, response.status, text);
    return JSON.parse(text) as T;
  }

  async function all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await get<{ items: T[]; next?: string }>(`${path}?limit=${PAGE}${query}`);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }

  return {
    async post({ feed, batch, bodies }) {
      if (batch) {
        const { status, body } = await send(`/v1/complaints/batch?feed=${feed}`, bodies);
        if (status !== 202) throw failed('The batch', status, JSON.stringify(body));
        return (body as { items: Answer[] }).items;
      }
      const { status, body } = await send(`/v1/complaints?feed=${feed}`, bodies[0]);
      if (status === 202) return [body as Answer];
      return [
        status === 409 ? { outcome: 'conflict', id: (body as { id: string }).id } : { outcome: 'refused' },
      ];
    },
    complaints: () => all<ApiComplaint>('/v1/complaints'),
    tickets: async () => (await all<{ id: string }>('/v1/tickets')).map(({ id }) => id),
    async ledger() {
      for (let look = 1; ; look++) {
        const ledger = await get<ApiLedger>('/v1/ledger');
        if (ledger.verdict !== 'settling' || look === LEDGER_LOOKS) return ledger;
        await sleep(500, undefined, { signal });
      }
    },
  };
}

/** Checks of the ledger that do not hold, in words. */
export const brokenChecks = ({ rows }: ApiLedger): string[] =>
  rows.flatMap(({ feed, run, broken }) =>
    broken.map(
      ({ name, expected, found }) =>
        `${feed} (run ${run}): ${CHECKS[name]}; expected ${expected}, found ${found}.`,
    ),
  );
