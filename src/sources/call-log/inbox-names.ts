import { extname } from 'node:path';

/** What a file system takes at most for one name, in bytes. */
const NAME_BYTES = 255;

export const REPORT = '.report.json';
/** Files that say something about the file whose name they begin with. */
export const MARKERS = ['.done', '.sha256', '.md5'] as const;
/** How programs call a file that they are still writing. */
const UNFINISHED = ['.tmp', '.part', '.crdownload'];

const endsWith = (name: string, endings: readonly string[]): boolean =>
  endings.some((ending) => name.toLowerCase().endsWith(ending));

/** No file to import is called so: `isPassedOver`. */
export const isMarker = (name: string): boolean => endsWith(name, MARKERS);

/** What in a drop folder is never a file to import. */
export const isPassedOver = (name: string): boolean =>
  name.startsWith('.') || endsWith(name, [...UNFINISHED, ...MARKERS, REPORT]);

/** `stem + ending`, the stem cut at a whole character so that a file system takes it. */
export function fitted(stem: string, ending: string): string {
  const most = NAME_BYTES - Buffer.byteLength(ending);
  if (Buffer.byteLength(stem) <= most) return stem + ending;
  let size = 0;
  let cut = '';
  for (const character of stem) {
    size += Buffer.byteLength(character);
    if (size > most) break;
    cut += character;
  }
  return cut + ending;
}

export const reportNameOf = (name: string): string => fitted(name, REPORT);

/** `calls.csv`, then `calls-2.csv` to `calls-9.csv`, then with an ending that no other file has. */
export function* namesFor(name: string, unique: string): Generator<string> {
  yield fitted(name, '');
  const ending = extname(name).length <= 16 ? extname(name) : '';
  const stem = ending === '' ? name : name.slice(0, -ending.length);
  for (let n = 2; n <= 9; n++) yield fitted(stem, `-${n}${ending}`);
  yield fitted(stem, `-${unique}${ending}`);
}

/** A name as a program on another system wrote it: UTF-8, else byte by byte. */
export function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : fitted(bytes.toString('latin1'), '');
}

/** For alarms and sentences: on one line, and not too long. */
export const shownName = (name: string): string => name.replace(/\p{C}/gu, '?').slice(0, 120).toWellFormed();
