/**
 * The drop folder in a process of its own, for tests that kill it: takes what is in `inbox/`, or goes on with what is in
 * `processing/`, and ends. `node inbox-child.js <mongodb> <database> <data folder> [<point>]`; the point is the number of
 * a call to the database (`7`, `7+` with the call under way) or an event that is logged (`run_ended`), at which the
 * process kills itself. Prints how many calls it made.
 */

import { dropFolder } from '../../../src/sources/call-log/inbox-round.js';
import { connectStore } from '../../../src/store/connect.js';
import { inboxDeps } from './drop-folder.js';

const [uri = '', database = '', dataDir = '', point = ''] = process.argv.slice(2);
const atCall = Number(/^(\d+)\+?$/.exec(point)?.[1] ?? 0);
const underWay = point.endsWith('+');
let calls = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

/** Counts the calls to a store; the process ends at one of them. */
function counted<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls += 1;
        if (calls === atCall && !underWay) die();
        const answer = Reflect.apply(value, target, args) as unknown;
        if (calls === atCall && underWay) setImmediate(die);
        return answer;
      };
    },
  });
}

const store = await connectStore(uri, database);
const deps = inboxDeps(store, dataDir, {
  log: (_level, event) => {
    if (event === point) die();
  },
});
const core = {
  ...deps.core,
  staging: counted(deps.core.staging),
  operations: counted(deps.core.operations),
};
let at = 0;
const feed = core.feeds.get('calls');
if (!feed) throw new Error('no feed');
const folder = dropFolder(feed, { ...deps, core, clock: () => at });
await folder.goOn();
await folder.look();
at += 5_000;
for (const file of await folder.look()) await folder.take(file);
deps.runs.close();
await store.close();
process.stdout.write(String(calls));
