import { type Answer, json, plain } from './api.js';
import type { Fault, faultScript } from './faults.js';
import type { Call } from './server.js';
import type { Workspace } from './workspace.js';

type Controlled = {
  readonly workspace: Workspace;
  readonly calls: readonly Call[];
  readonly script: ReturnType<typeof faultScript>;
};

/**
 * Handles for a stand-in in another process; not Slack's.
 * GET /control/messages (JSON lines), GET /control/calls, POST /control/script (array of faults),
 * POST /control/delete?message=N.
 */
export function control(verb: string, url: URL, body: string, on: Controlled): Answer {
  const lines = (items: readonly unknown[]): Answer =>
    plain(200, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  switch (`${verb} ${url.pathname}`) {
    case 'GET /control/messages':
      return lines(on.workspace.messages().map((m) => ({ channel: m.channel.name, ...m.toJSON() })));
    case 'GET /control/calls':
      return lines(on.calls);
    case 'POST /control/script':
      on.script.add(JSON.parse(body) as Fault[]);
      return json({ ok: true });
    case 'POST /control/delete':
      return json({ ok: true, ts: on.workspace.remove(Number(url.searchParams.get('message'))).ts });
    default:
      return plain(404, 'not found');
  }
}
