import { readFile } from 'node:fs/promises';
import { PERSONAL_TYPES, type PersonalType, type Range, type Span } from './types.js';

/** A labelled message without its marks. */
export type Marked = { readonly id: string; readonly text: string; readonly spans: readonly Span[] };
/** A share with its 95 % Wilson interval; `value` is 0 where `of` is. */
export type Share = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
};
export type TypeFigures = {
  /** Labelled spans found with their type. */
  readonly recall: Share;
  /** Labelled spans that are gone, whatever they were taken for. */
  readonly covered: Share;
  /** Redacted spans that lie on personal data and take no words beside it. */
  readonly precision: Share;
};
export type PrivacyReport = {
  readonly messages: number;
  readonly all: TypeFigures;
  readonly types: Readonly<Partial<Record<PersonalType, TypeFigures>>>;
  /** Labelled spans that are not gone, and gone ones of another type; never their words. */
  readonly misses: readonly { readonly id: string; readonly type: PersonalType; readonly covered: boolean }[];
  /** Redacted spans that should have stayed, or took too much with them. */
  readonly extras: readonly { readonly id: string; readonly type: PersonalType }[];
};

const MARK = /⟦([A-Z]+)\|([^⟧]*)⟧/gu;
const Z = 1.959964;
const ENOUGH = 0.9;
const MOST_BEYOND = 3;
const round = (x: number): number => Math.round(x * 1e4) / 1e4;

function share(part: number, of: number): Share {
  if (of === 0) return { value: 0, low: 0, high: 1, of };
  const p = part / of;
  const z2 = (Z * Z) / of;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of))) / (1 + z2);
  return {
    value: round(p),
    low: round(Math.max(0, middle - half)),
    high: round(Math.min(1, middle + half)),
    of,
  };
}

const isType = (type: string): type is PersonalType => (PERSONAL_TYPES as readonly string[]).includes(type);

/** Takes `⟦TYPE|value⟧` marks out of a text and says where they were. Throws on an unknown type. */
export function unmark(marked: string): { text: string; spans: readonly Span[] } {
  const spans: Span[] = [];
  let text = '';
  let at = 0;
  for (const m of marked.matchAll(MARK)) {
    const [mark, type = '', value = ''] = m;
    if (!isType(type))
      throw new Error(`[privacy] unknown type "${type}": use one of ${PERSONAL_TYPES.join(', ')}`);
    text += marked.slice(at, m.index);
    spans.push({ type, start: text.length, end: text.length + value.length });
    text += value;
    at = m.index + mark.length;
  }
  return { text: text + marked.slice(at), spans };
}

/** Labelled messages from lines of JSON with `id` and a marked `text`. */
export function parseMarked(lines: string): readonly Marked[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const row = JSON.parse(line) as { id?: unknown; text?: unknown };
      if (typeof row.id !== 'string' || typeof row.text !== 'string') {
        throw new Error(`[privacy] line ${i + 1} of the marked messages lacks "id" or "text"`);
      }
      return { id: row.id, ...unmark(row.text) };
    });
}

const overlap = (a: Range, b: Range): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

/** Letters and digits of `span` that are no personal data by the labels. */
function beyond(text: string, span: Range, labels: readonly Range[]): number {
  let count = 0;
  for (let i = span.start; i < span.end; i++) {
    const labelled = labels.some((l) => i >= l.start && i < l.end);
    if (!labelled && /[\p{L}\p{N}]/u.test(text[i] as string)) count++;
  }
  return count;
}

function isGone(text: string, label: Span, found: readonly Span[], labels: readonly Span[]): boolean {
  const touching = found.filter((f) => overlap(f, label) > 0);
  const covered = touching.reduce((sum, f) => sum + overlap(f, label), 0);
  return (
    covered >= ENOUGH * (label.end - label.start) &&
    touching.every((f) => beyond(text, f, labels) <= MOST_BEYOND)
  );
}

type Labelled = { id: string; type: PersonalType; gone: boolean; typed: boolean };
type Redacted = { id: string; type: PersonalType; right: boolean };

function figures(labelled: readonly Labelled[], redacted: readonly Redacted[]): TypeFigures {
  return {
    recall: share(labelled.filter((l) => l.typed).length, labelled.length),
    covered: share(labelled.filter((l) => l.gone).length, labelled.length),
    precision: share(redacted.filter((r) => r.right).length, redacted.length),
  };
}

/** How well `find` finds what is labelled. */
export function measurePrivacy(
  messages: readonly Marked[],
  find: (text: string) => readonly Span[],
): PrivacyReport {
  const labelled: Labelled[] = [];
  const redacted: Redacted[] = [];
  for (const { id, text, spans } of messages) {
    const found = find(text);
    for (const label of spans) {
      const alike = found.filter((f) => f.type === label.type);
      const gone = isGone(text, label, found, spans);
      labelled.push({ id, type: label.type, gone, typed: gone && isGone(text, label, alike, spans) });
    }
    for (const f of found) {
      const right = spans.some((l) => overlap(f, l) > 0) && beyond(text, f, spans) <= MOST_BEYOND;
      redacted.push({ id, type: f.type, right });
    }
  }
  const types: Partial<Record<PersonalType, TypeFigures>> = {};
  for (const type of PERSONAL_TYPES) {
    types[type] = figures(
      labelled.filter((l) => l.type === type),
      redacted.filter((r) => r.type === type),
    );
  }
  return {
    messages: messages.length,
    all: figures(labelled, redacted),
    types,
    misses: labelled.filter((l) => !l.typed).map(({ id, type, gone }) => ({ id, type, covered: gone })),
    extras: redacted.filter((r) => !r.right).map(({ id, type }) => ({ id, type })),
  };
}

/** The same for a file of labelled messages. */
export async function evaluatePrivacy(
  file: string,
  find: (text: string) => readonly Span[],
): Promise<PrivacyReport> {
  return measurePrivacy(parseMarked(await readFile(file, 'utf8')), find);
}
