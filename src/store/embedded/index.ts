/** The embedded default: real MongoDB and Redis engines from npm packages, as child processes on one data folder. */
export { type AttachedEngines, attachEngines } from './attach.js';
export { type Inspection, inspectEngines } from './inspect.js';
export { type Engines, type StartOptions, startEngines } from './start.js';
export type { EngineEvent } from './supervisor.js';
