import { rmSync } from 'node:fs';
import type { TestGlobal } from './global-setup.js';

export default async function teardown(): Promise<void> {
  const started = (globalThis as TestGlobal).redressTest;
  if (!started) return;
  await started.engines.stop();
  rmSync(started.dataDir, { recursive: true, force: true });
}
