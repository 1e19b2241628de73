import { createHash } from 'node:crypto';
import { RedressError } from '../complaint/errors.js';
import type { Feed } from '../config/feeds.js';
import type { Core } from '../core.js';
import type { Run, RunInput } from '../operations/run.js';
import { closeReceipts, type Runs } from '../operations/runs.js';
import { type DoorTally, recount } from '../staging/door.js';
import type { RoutePolicy } from '../staging/record.js';

/** Where an import begins: at the first row, or where an interrupted run of the same file ended. */
export type Beginning = {
  readonly run: Run;
  /** Rows that are in for certain. */
  readonly skipRows: number;
  /** Over these rows, as they were read. */
  readonly skippedSha256?: string;
  readonly firstSeq: number;
};

type Deps = { readonly core: Pick<Core, 'staging' | 'operations'>; readonly runs: Runs };

/**
 * Processes that died in a row without one row of progress, after which a file is taken for the cause. More than a
 * record gets: a few restarts by hand while a large file is opened are not its fault.
 */
const DEATHS = 10;

export const readingOf = (feed: Feed, route: RoutePolicy): string =>
  createHash('sha256')
    .update(JSON.stringify([feed, route]))
    .digest('hex')
    .slice(0, 16);

/** A new run. */
export async function beginRun(
  about: Parameters<Runs['start']>[0],
  { runs }: Pick<Deps, 'runs'>,
): Promise<Beginning> {
  return { run: await runs.start(about), skipRows: 0, firstSeq: 0 };
}

const inTheWay = (problem: string, fix: string, code: string) =>
  new RedressError('import', code, problem, fix);

/**
 * Goes on with `run`, or says that there is nothing to go on with (undefined). Throws `import_under_way` while another
 * process has it, and `file_poison` where the file ends its process again and again.
 */
export async function resumeRun(
  run: Run,
  trigger: Run['trigger'],
  deps: Deps,
): Promise<Beginning | undefined> {
  const { core, runs } = deps;
  const standing = await runs.standing(run);
  if (standing === 'ended') return undefined;
  // Counted before the work: what ends the process is noticed.
  const { row } = await reached(core.staging, run._id);
  const { times = 0, row: before = 0, idle: deaths = 0 } = run.resumed ?? {};
  const idle = run.status === 'running' && before >= row ? deaths + 1 : 0;
  const resumed = { times: times + 1, row, idle };
  const taken = standing === 'resumable' ? await runs.resume(run, { trigger, resumed }) : undefined;
  if (!taken)
    throw inTheWay(
      `This file is being imported already: run ${run._id}${run.owner ? `, process ${run.owner.pid}` : ''}.`,
      'Let it end, or end its process and try again in half a minute.',
      'import_under_way',
    );
  await closeReceipts(core.staging, run._id);
  if (idle >= DEATHS) {
    await runs.end(taken, { status: 'failed', cause: 'file_poison' });
    throw inTheWay(
      `Reading this file ended its process ${DEATHS} times in a row, at row ${row + 1}.`,
      'Report it. Its rows before that are in; split the file after them and import the rest.',
      'file_poison',
    );
  }
  const { row: skipRows, sha256, nextSeq } = await reached(core.staging, run._id);
  const skipped = sha256 === undefined ? {} : { skippedSha256: sha256 };
  return { run: taken, skipRows, ...skipped, firstSeq: nextSeq };
}

/** The interrupted run of the same content, if that was the last thing that happened to it. */
export async function interruptedRun(
  feed: string,
  input: RunInput,
  { core }: Pick<Deps, 'core'>,
): Promise<Run | undefined> {
  const [last] = await core.operations.importsOf(feed, input.sha256);
  return last && last.input?.reading === input.reading && !last.input.inbox ? last : undefined;
}

/** The last row up to which every receipt is whole, and the number of the next receipt. */
async function reached(
  staging: Pick<Core['staging'], 'receiptsOf'>,
  run: string,
): Promise<{ row: number; sha256: string | undefined; nextSeq: number }> {
  let row = 0;
  let sha256: string | undefined;
  let nextSeq = 0;
  for await (const receipt of staging.receiptsOf(run)) {
    nextSeq = receipt.seq + 1;
    const { rows, recovered, counts } = receipt;
    if (!rows || receipt.state !== 'closed') continue;
    // What was closed by counting may lack rows, unless as many are in as the stretch has.
    const whole = !recovered || counts?.read === rows.to - rows.from + 1;
    if (!whole || rows.from > row + 1 || rows.to <= row) continue;
    row = rows.to;
    ({ sha256 } = rows);
  }
  return { row, sha256, nextSeq };
}

/**
 * What the receipts of before this beginning say. Those that were closed by counting are counted once more: the last
 * write of a process may arrive after it is gone.
 */
export async function countedBefore(
  { run, firstSeq }: Beginning,
  { core }: { readonly core: Pick<Core, 'staging'> },
): Promise<DoorTally> {
  const sum = { read: 0, accepted: 0, repeated: 0, conflict: 0, refused: 0 };
  if (firstSeq === 0) return sum;
  for await (const receipt of core.staging.receiptsOf(run._id)) {
    if (receipt.seq >= firstSeq) break;
    const again = receipt.recovered ? await recount(core.staging, receipt) : undefined;
    if (again) await core.staging.closeReceipt(again);
    for (const key of Object.keys(sum) as (keyof typeof sum)[])
      sum[key] += (again ?? receipt).counts?.[key] ?? 0;
  }
  return sum;
}
