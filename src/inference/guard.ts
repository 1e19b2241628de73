/**
 * Whether a thread computes in native code, and whether it is to end. A thread torn down in the middle of native code
 * takes the whole process with it, so it is only ended outside of it.
 */
export type Signals = Int32Array;

const IN_NATIVE = 0;
const END = 1;

export const newSignals = (): Signals => new Int32Array(new SharedArrayBuffer(8));

/** In the thread: runs native work, unless the thread is to end: then it throws. */
export type Guard = <T>(native: () => Promise<T>) => Promise<T>;

export const guardOf =
  (signals: Signals): Guard =>
  async (native) => {
    // Marked before it is asked, as the other side asks before it looks: one of the two always sees the other.
    Atomics.store(signals, IN_NATIVE, 1);
    try {
      if (Atomics.load(signals, END) === 1) throw new Error('the thread was asked to end');
      return await native();
    } finally {
      Atomics.store(signals, IN_NATIVE, 0);
    }
  };

/** Where nothing ends the thread from outside. */
export const unguarded: Guard = (native) => native();

/** Asks a thread to end; true if it is outside of native code and will not enter it again. */
export function askToEnd(signals: Signals): boolean {
  Atomics.store(signals, END, 1);
  return Atomics.load(signals, IN_NATIVE) === 0;
}
