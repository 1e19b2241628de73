import { hash } from 'node:crypto';
import type { Source } from '../../complaint/aligned.js';
import type { Envelope, Identity, RawFormat } from '../../complaint/envelope.js';
import { limit } from '../../complaint/limits.js';
import { bytesOf, cellsOfCut, textsOf } from '../csv-text.js';
import { createOccurrences } from './occurrences.js';
import type { RawRow } from './split.js';

/** How rows are told apart, as the feed says (law 4). */
export type RowIdentity =
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'content' }
  | { readonly kind: 'position' };

export type EnvelopeOptions = {
  readonly feed: string;
  readonly source: Source;
  readonly identity: RowIdentity;
  readonly format: Extract<RawFormat, { kind: 'csv' }>;
  /** Base name and hash of the file. */
  readonly name: string;
  readonly sha256: string;
};

type Judged = {
  /** In the order of the headings; absent where the row can't be read as cells. */
  readonly cells?: readonly string[];
  readonly content: readonly string[];
  readonly reason?: Envelope['reason'];
};

/** Makes the envelopes of one reading of a file, row by row and in order: it counts how often a row came before. */
export function envelopes(options: EnvelopeOptions): (row: RawRow, index: number) => Envelope {
  const { feed, source, identity, format, name } = options;
  const { headings, encoding } = format;
  const of = `${name} sha256:${options.sha256.slice(0, 16)}`;
  const occurrence = createOccurrences();
  // Equal rows of exports with other column orders are equal.
  const sorted = [...headings.keys()].sort((a, b) =>
    (headings[a] as string) < (headings[b] as string) ? -1 : 1,
  );
  const idAt =
    identity.kind === 'columns' ? identity.columns.map((column) => headings.indexOf(column)) : undefined;

  function judge({ cut, units, line }: RawRow): Judged {
    const whole = () => [textsOf([units], encoding)?.[0] ?? units];
    if (cut.kind === 'long')
      return {
        content: [...whole(), String(cut.length)],
        reason: { code: 'too_large', detail: `a line of ${cut.length} characters` },
      };
    if (cut.kind === 'open')
      return {
        content: whole(),
        reason: { code: 'bad_row', detail: `a quote opened at line ${line} is never closed` },
      };
    const read = cellsOfCut(cut, headings.length, encoding);
    if ('reason' in read) return { content: whole(), reason: { code: read.reason, detail: read.detail } };
    const { cells } = read;
    const content: string[] = [];
    for (const i of sorted) content.push(headings[i] as string, cells[i] as string);
    return { cells, content };
  }

  function identityOf({ cells, content }: Judged, index: number): Identity {
    if (identity.kind === 'position') return { kind: 'sender', space: 'position', value: `${name}:${index}` };
    if (identity.kind === 'columns' && idAt && cells) {
      const key = idAt.map((i) => cells[i] ?? '');
      // An empty id is no id: such rows are told apart by their content.
      if (key.every((cell) => cell !== ''))
        return { kind: 'sender', space: identity.columns.join('\n'), value: key.join('\n') };
    }
    return { kind: 'row', occurrence: occurrence(hash('sha256', content.join('\0'), 'buffer')) };
  }

  return (row, index) => {
    const judged = judge(row);
    const bytes = bytesOf(row.units, encoding);
    const most = limit('rawBytes');
    // Whatever else is wrong with it: a raw piece that is cut can't be replayed, and only this reason says so.
    const also = judged.reason ? `, and ${judged.reason.detail}` : '';
    const reason =
      bytes.length > most
        ? { code: 'too_large' as const, detail: `${bytes.length} bytes${also}` }
        : judged.reason;
    return {
      feed,
      source,
      identity: identityOf(judged, index),
      content: judged.content,
      raw: bytes.length > most ? bytes.subarray(0, most) : bytes,
      format,
      position: { kind: 'file', of, index, line: row.line },
      ...(reason ? { reason } : {}),
    };
  };
}
