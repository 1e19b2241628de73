import { createHash, type Hash } from 'node:crypto';
import type { Envelope } from '../../complaint/envelope.js';
import type { FileSource, SourceBatch, SourceCensus } from '../port.js';
import { cellsOfCut } from '../csv-text.js';
import type { Content } from './container.js';
import { type EnvelopeOptions, envelopes } from './envelopes.js';
import { fileError } from './file-errors.js';
import { type Shape, stretchesOf } from './rows.js';

export type CsvOptions = Omit<EnvelopeOptions, 'sha256'> & {
  readonly content: Pick<Content, 'bytes'>;
  readonly shape: Shape;
  readonly counted: SourceCensus;
  /** Of the content that was counted, unpacked; hex. */
  readonly contentSha256: string;
};

/** A call-centre CSV, row by row, at flat memory but for some bytes a row that has no id of its own. */
export function csvSource(options: CsvOptions): FileSource {
  const { content, shape, counted, contentSha256 } = options;
  let covered = 0;
  return {
    linesCovered: () => covered,
    census: async () => counted,
    async *read(size, { skipRows = 0, onSkipped } = {}): AsyncIterable<SourceBatch> {
      const envelopeOf = envelopes({ ...options, sha256: counted.sha256 });
      let batch: Envelope[] = [];
      let index = 0;
      let total = 0;
      const hash = createHash('sha256');
      for await (const { rows, lines } of stretchesOf(hashed(content.bytes(), hash), shape)) {
        for (const row of rows) {
          index += 1;
          const envelope = envelopeOf(row, index);
          if (index <= skipRows) {
            onSkipped?.(envelope);
            continue;
          }
          batch.push(envelope);
          if (batch.length < size) continue;
          covered = row.line + row.lines - 1;
          yield { envelopes: batch, rows: { from: index - batch.length + 1, to: index } };
          batch = [];
        }
        total = lines;
      }
      covered = total;
      // Whatever was found out when it was opened (headings, dates, lines) was found out about another content.
      if (hash.digest('hex') !== contentSha256)
        throw fileError('changed_while_read', `${options.name} was changed while it was read.`);
      if (batch.length > 0) yield { envelopes: batch, rows: { from: index - batch.length + 1, to: index } };
    },
  };
}

async function* hashed(content: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

/** The cells of every row that has them, as text in the order of the headings. */
export async function* cellsIn(
  { content, shape }: Pick<CsvOptions, 'content' | 'shape'>,
  headings: readonly string[],
): AsyncGenerator<readonly string[]> {
  for await (const { rows } of stretchesOf(content.bytes(), shape))
    for (const { cut } of rows) {
      const read = cut.kind === 'long' ? undefined : cellsOfCut(cut, headings.length, shape.encoding);
      if (read && 'cells' in read) yield read.cells;
    }
}
