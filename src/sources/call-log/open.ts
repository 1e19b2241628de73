import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Feed } from '../../config/feeds.js';
import { isWide, textsOf } from '../csv-text.js';
import type { FileSource, SourceCensus } from '../port.js';
import { census } from './census.js';
import { type ContainerKind, type Content, openContent } from './container.js';
import { cellsIn, csvSource } from './csv.js';
import { createDateDecider, decidedFormat } from './dates.js';
import { type Numbers, numbersIn } from './dates-candidates.js';
import { dialectOf } from './dialect.js';
import { encodingOfWhole, encodingSign } from './encoding.js';
import { asFileError, fileError } from './file-errors.js';
import { headingsOf } from './headings.js';
import { type Shape, stretchesOf, unitsIn } from './rows.js';

/** Headings beyond this are no call-centre export, and each record carries them. */
const MOST_COLUMNS = 1_000;
const HEAD = 256 * 1024;

/** Settings of a feed that say how its files are read. */
export type FileFeed = Pick<
  Feed,
  'name' | 'source' | 'identity' | 'delimiter' | 'encoding' | 'headings' | 'quotes' | 'mapping' | 'moments'
>;

export type OpenOptions = { readonly path: string; readonly feed: FileFeed };

/** What was found out about a file, for reports. */
export type FileFacts = {
  readonly container: ContainerKind;
  readonly encoding: string;
  readonly delimiter: string;
  readonly headings: readonly string[];
  /** Where the feed says `dates.format: auto` and a row has a time. */
  readonly dateFormat?: string;
};

export type OpenedFile = {
  readonly source: FileSource;
  readonly facts: FileFacts;
  /** The cells of every row that has them, in the order of the headings; a reading of its own. */
  rows(): AsyncIterable<readonly string[]>;
  /**
   * False: another content lies under that name than the one that was counted. A file that is not there any more is not
   * another: what was read of it is what was counted.
   */
  isSame(): Promise<boolean>;
};

/** Columns that must be there, or the file is not what the feed says. */
const mappedBy = ({ mapping, moments, identity }: FileFeed): string[] => [
  ...new Set([
    ...Object.values(mapping ?? {}).flat(),
    ...(moments?.columns ?? []),
    ...(identity.kind === 'columns' ? identity.columns : []),
  ]),
];

async function headOf(content: Content): Promise<{ head: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of content.bytes()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > HEAD) return { head: Buffer.concat(chunks), whole: false };
  }
  return { head: Buffer.concat(chunks), whole: true };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  } catch (error) {
    throw asFileError(path, error);
  }
  return hash.digest('hex');
}

/** Of the file under that name: another one in its place, or a write to it, gives another. */
async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}

async function headingsIn(content: Content, shape: Shape, name: string): Promise<string[]> {
  for await (const { headings: row } of stretchesOf(content.bytes(), shape)) {
    if (!row) continue;
    const cells = row.cut.kind === 'row' ? textsOf(row.cut.cells, shape.encoding) : undefined;
    if (cells) return headingsOf(cells);
    throw fileError('headings_do_not_fit', `${name} has no headings that can be read, in line ${row.line}.`);
  }
  throw fileError('empty_file', `${name} is empty.`);
}

/** A file without a heading row has a customer's words in its place: only what looks like a heading is repeated. */
function headingShown(heading: string, index: number): string {
  const plain = /^[\p{L}][\p{L}\p{M} ._/#()-]{0,39}$/u.test(heading) && heading.split(/\s+/).length <= 4;
  return plain ? heading : `column ${index + 1}`;
}

function checkHeadings(headings: readonly string[], feed: FileFeed, name: string): void {
  if (headings.length > MOST_COLUMNS)
    throw fileError('too_many_columns', `${name} has ${headings.length} columns (limit ${MOST_COLUMNS}).`);
  const absent = mappedBy(feed).filter((m) => !headings.includes(m));
  if (absent.length === 0) return;
  const shown = headings.map(headingShown).join('", "').slice(0, 500);
  throw fileError(
    'headings_do_not_fit',
    `${name} has no column "${absent.join('", "')}" of feed ${feed.name}; its columns are "${shown}".`,
  );
}

/**
 * Opens a file of a feed: finds out what it is, counts it with the second reader, checks that it can be read by the
 * feed's settings. Reads it two to five times, but holds no more than a piece of it (a spreadsheet as a whole).
 * Throws RedressError (FILE_ERRORS, and those of `decidedFormat`) for what makes it unusable as a whole.
 */
export async function openFile({ path, feed }: OpenOptions): Promise<OpenedFile> {
  const name = basename(path);
  const kind = await stat(path).catch(() => undefined); // absent or forbidden: the reader says it better
  if (kind && !kind.isFile() && !kind.isDirectory())
    throw fileError('not_a_file', `${path} is a pipe or device, which can't be read twice.`);
  const version = kind && (await versionOf(path));
  const content = await openContent(path);
  const packed = content.container !== 'csv';
  const { head, whole } = await headOf(content);
  // A spreadsheet is our own CSV by now.
  const sheet = content.container === 'xlsx';
  const sign = encodingSign(head.subarray(0, 65_536), sheet ? 'utf-8' : feed.encoding, name);
  const { utf8, sha256, ...count } = await census(content.bytes(), sign.known ?? 'utf-8');
  const encoding = sign.known ?? encodingOfWhole(utf8);
  if (isWide(encoding) && count.bytes % 2 === 1)
    throw fileError('encoding_unclear', `${name} looks like ${encoding} but has an odd number of bytes.`);
  const counted: SourceCensus = { ...count, sha256: packed ? await sha256Of(path) : sha256 };

  const headUnits: string[] = [];
  for await (const units of unitsIn(asyncOf(head), { encoding, bom: sign.bom })) headUnits.push(units);
  const dialect = dialectOf(headUnits.join(''), whole, {
    delimiter: sheet ? ',' : feed.delimiter,
    quotes: sheet || feed.quotes,
    mapped: mappedBy(feed),
    ...(feed.headings ? { headings: feed.headings } : {}),
    encoding,
    name,
  });
  const shape: Shape = { dialect, encoding, bom: sign.bom, headingRow: !feed.headings };
  const headings = feed.headings ?? (await headingsIn(content, shape, name));
  checkHeadings(headings, feed, name);
  if (feed.headings && count.lines === 0) throw fileError('empty_file', `${name} is empty.`);

  const rows = () => cellsIn({ content, shape }, headings);
  const dateFormat = await formatOf(rows(), headings, {
    feed,
    file: name,
    numbers: numbersIn(content.container),
  });
  const found = { encoding, headings, delimiter: dialect.delimiter, ...(dateFormat ? { dateFormat } : {}) };
  // Each of the readings above may have seen another file; the one that counts compares its bytes with the census.
  if (version !== (await versionOf(path)))
    throw fileError('changed_while_read', `${name} was changed while it was looked through.`);
  const source = csvSource({
    feed: feed.name,
    source: feed.source,
    identity: feed.identity,
    format: { kind: 'csv', ...found, ...(dialect.quotes ? {} : { quotes: false }) },
    name,
    content,
    shape,
    counted,
    contentSha256: sha256,
  });
  const isSame = async (): Promise<boolean> => {
    const now = await versionOf(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return version;
      throw asFileError(path, error);
    });
    // Rights, a link, an attribute: that changes the version too, and not what the file says.
    return now === version || (await sha256Of(path)) === counted.sha256;
  };
  return { source, facts: { container: content.container, ...found }, rows, isSame };
}

async function* asyncOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** The one format of the file's times, where the feed wants it found. */
async function formatOf(
  rows: AsyncIterable<readonly string[]>,
  headings: readonly string[],
  { feed: { moments, name: feed }, file, numbers }: { feed: FileFeed; file: string; numbers: Numbers },
): Promise<string | undefined> {
  if (!moments || moments.format.length > 0) return undefined;
  const { columns } = moments;
  const at = columns.map((column) => headings.indexOf(column));
  const decider = createDateDecider(numbers);
  for await (const cells of rows)
    decider.add(
      at
        .map((i) => cells[i] ?? '')
        .filter((c) => c !== '')
        .join(' '),
    );
  return decidedFormat(decider.finish(), { file, feed, columns });
}
