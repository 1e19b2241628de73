import { lstat, readdir } from 'node:fs/promises';
import { isMarker, isPassedOver, MARKERS, nameOf } from './inbox-names.js';
import { type IncompleteCause, isWhole, type Whole, type WholeDeps } from './ready-whole.js';

/** A name in `inbox/`. */
export type Found = {
  /** As the file system has it. */
  readonly raw: Buffer;
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
};

export type Look = {
  /** Whole, oldest first. */
  readonly ready: readonly Found[];
  /** Stand still and are not whole. `isNew`: not said before of the file as it is. */
  readonly incomplete: readonly (Found & {
    readonly cause: IncompleteCause;
    readonly problem: string;
    readonly isNew: boolean;
  })[];
  /** Links, pipes, devices: nothing of them is opened. */
  readonly refused: readonly Found[];
  /** Still being written, or waiting for their marker. */
  readonly waiting: number;
};

export type WatchOptions = WholeDeps & {
  /** A file is left alone until it stood still for so long, ms. */
  readonly stableMs: number;
  /** How long a file that stands still may wait for its marker before it is told of, ms. */
  readonly markerMs: number;
  /** ms that only go forward: setting the wall clock moves nothing. */
  readonly clock: () => number;
};

type Seen = {
  size: number;
  mtimeMs: number;
  /** When it was first seen like this. */
  readonly since: number;
  /** What was found out about it, and with which markers. */
  asked?: { readonly markers: string; readonly whole: Whole };
  told: boolean;
};

const AT_A_TIME = 64;

/** `work` on all, some at a time; a folder may hold ten thousands. */
async function overAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** Looks through one `inbox/` again and again, and tells by the difference what is being written. */
export function createWatch(options: WatchOptions): { look(): Promise<Look> } {
  const { folder, stableMs, markerMs, clock } = options;
  let seen = new Map<string, Seen>();
  const pathOf = (raw: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), raw]);

  async function statesOf(names: readonly Buffer[]) {
    const files: Found[] = [];
    const refused: Found[] = [];
    const markers = new Map<string, string>();
    await overAll(names, async (raw) => {
      const name = nameOf(raw);
      const marker = isMarker(name);
      if (isPassedOver(name) && !marker) return;
      const state = await lstat(pathOf(raw)).catch(() => undefined); // taken away meanwhile
      if (!state || state.isDirectory()) return;
      const { size, mtimeMs } = state;
      if (marker) markers.set(name, `${size} ${mtimeMs}`);
      else (state.isFile() ? files : refused).push({ raw, name, size, mtimeMs });
    });
    return { files, refused, markers };
  }

  /** `memory` is changed. */
  async function judge(file: Found, memory: Seen, markers: ReadonlyMap<string, string>): Promise<Whole> {
    const beside = MARKERS.map((m) => markers.get(file.name + m) ?? '').join();
    // A large file is hashed or counted once, not at every look.
    if (memory.asked?.markers !== beside) {
      // What can't be read is for the import to tell: it says why, and what to do.
      const whole = await isWhole(file.raw, options).catch((): Whole => ({ kind: 'yes' }));
      memory.asked = { markers: beside, whole };
    }
    return memory.asked.whole;
  }

  return {
    async look() {
      const names = await readdir(folder, { encoding: 'buffer' });
      const { files, refused, markers } = await statesOf(names);
      const now = clock();
      const next = new Map<string, Seen>();
      const ready: Found[] = [];
      const incomplete: Look['incomplete'][number][] = [];
      let waiting = 0;
      for (const file of files) {
        const key = file.raw.toString('latin1');
        const before = seen.get(key);
        const same = before && before.size === file.size && before.mtimeMs === file.mtimeMs;
        const memory: Seen = same
          ? before
          : { size: file.size, mtimeMs: file.mtimeMs, since: now, told: false };
        next.set(key, memory);
        // A .done file says more than standing still does.
        const marked = options.complete?.kind === 'done-file' && markers.has(`${file.name}.done`);
        if (!marked && (!same || now - memory.since < stableMs)) {
          waiting += 1;
          continue;
        }
        const whole = await judge(file, memory, markers);
        if (whole.kind === 'yes') ready.push(file);
        else if (whole.kind === 'later' && now - memory.since < stableMs + markerMs) waiting += 1;
        else {
          const { cause, problem } = whole;
          incomplete.push({ ...file, cause, problem, isNew: !memory.told });
          memory.told = true;
        }
      }
      seen = next;
      const oldestFirst = (a: Found, b: Found) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1);
      return { ready: ready.sort(oldestFirst), incomplete, refused, waiting };
    },
  };
}
