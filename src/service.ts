import type { Core } from './core.js';
import type { KeyChecker } from './governance/keys.js';
import type { Inference } from './inference/port.js';
import type { Alarms } from './operations/alarms.js';
import type { Queues } from './queue/queues.js';
import type { Doors } from './staging/doors.js';

/** What the routes reach: the core, the doors, and what tells whether the service is well. */
export type Service = Core & {
  readonly doors: Doors;
  readonly queues: Queues;
  readonly alarms: Alarms;
  readonly keyChecker: KeyChecker;
  /** Undefined in a process without the role `workers`. */
  readonly inference: Inference | undefined;
  /** Why new complaints are refused now (503), or undefined. */
  readonly closedBecause: () => 'stopping' | 'disk_low' | undefined;
};
