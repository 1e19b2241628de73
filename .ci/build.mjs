// Compiles beside dist/ and then takes its place: a service that runs from dist/ keeps its files until the new ones are
// there, and nothing of deleted sources stays behind.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';

const next = '.build/next';
const old = `.build/old-${process.pid}`;
rmSync(next, { recursive: true, force: true });
try {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', next, '--incremental', 'false'];
  execFileSync(process.execPath, tsc, { stdio: 'inherit' });
} catch {
  process.exit(1);
}
try {
  renameSync('dist', old);
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}
renameSync(next, 'dist');
rmSync(old, { recursive: true, force: true });
