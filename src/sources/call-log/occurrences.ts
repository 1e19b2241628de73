const START = 1 << 12;
const FULLEST = 0.7;

/**
 * How often each row came before, in about 12 to 24 bytes a distinct row: an open-addressed table of the first 64 bits
 * of the rows' hashes, counts only for those that come again. Two rows of ten million are taken for the same with a
 * probability of 3 in a million; then one gets the next number, which in doubt accepts it twice.
 */
export function createOccurrences(): (hash: Buffer) => number {
  let size = START;
  let keys = new Uint32Array(size * 2);
  let used = 0;
  const again = new Map<string, number>();

  /** Index of the key in the table, or of the free place where it belongs. */
  function placeOf(high: number, low: number): number {
    for (let place = low % size; ; place = (place + 1) % size) {
      const h = keys[place * 2];
      const l = keys[place * 2 + 1];
      if (h === 0 || (h === high && l === low)) return place;
    }
  }

  function put(place: number, high: number, low: number): void {
    keys[place * 2] = high;
    keys[place * 2 + 1] = low;
  }

  function grow(): void {
    const old = keys;
    size *= 2;
    keys = new Uint32Array(size * 2);
    for (let i = 0; i < old.length; i += 2) {
      const high = old[i] as number;
      const low = old[i + 1] as number;
      if (high !== 0) put(placeOf(high, low), high, low);
    }
  }

  return (hash) => {
    const high = hash.readUInt32LE(0) || 1; // 0, 0 is a free place
    const low = hash.readUInt32LE(4);
    const place = placeOf(high, low);
    if (keys[place * 2] === 0) {
      put(place, high, low);
      used += 1;
      if (used > size * FULLEST) grow();
      return 0;
    }
    const key = `${high} ${low}`;
    const before = (again.get(key) ?? 0) + 1;
    again.set(key, before);
    return before;
  };
}
