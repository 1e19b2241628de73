import { cut, pad, printable, width, wrap } from './width.js';

/** What of a Slack message is shown. */
export type Shown = {
  /** Of the complaint it is about. */
  readonly reference: string;
  readonly channel: string;
  /** Time of day, as it should stand beside the channel. */
  readonly at: string;
  readonly blocks: readonly Record<string, unknown>[];
};

type Part = { readonly text?: unknown };
type Block = {
  readonly type?: unknown;
  readonly text?: Part;
  readonly fields?: readonly Part[];
  readonly elements?: readonly Part[];
};

const WORD_LINES = 4;

type Line = { readonly text: string; readonly bold?: true };

/** A text object as a reader sees it: Slack's three entities are characters, line breaks stay. */
const seen = (part: Part | undefined): string =>
  String(part?.text ?? '')
    .replace(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: '<', gt: '>' })[name] ?? '&')
    .split('\n')
    .map(printable)
    .join('\n');

/** A field of ours is `*Label*`, a line break, and the value. */
function field(part: Part | undefined): { label: string; value: string } {
  const [, label, value = ''] = /^\*([^*\n]+)\*\n([\s\S]*)$/.exec(seen(part)) ?? [];
  return label === undefined ? { label: '', value: seen(part) } : { label, value };
}

/** Two columns, each label over its value, as Slack shows them. */
function fields(parts: readonly Part[], columns: number): Line[] {
  const half = Math.floor((columns - 2) / 2);
  return parts.flatMap((part, i): Line[] => {
    if (i % 2 === 1) return [];
    const [left, right] = [field(part), field(parts[i + 1])];
    const side = (a = '', b = '') => `${pad(a, half)}  ${pad(b, half)}`;
    const [values, others] = [left, right].map(({ value }) => wrap(value.replace(/\s+/g, ' '), half));
    return [
      { text: side(left.label, right.label), bold: true },
      ...Array.from({ length: Math.max(values?.length ?? 0, others?.length ?? 0) }, (_, row) => ({
        text: side(values?.[row], others?.[row]),
      })),
    ];
  });
}

function linesOf(block: Block, columns: number): Line[] {
  if (block.fields) return fields(block.fields, columns);
  const text = block.elements ? block.elements.map(seen).join('  ') : seen(block.text);
  const lines = wrap(text, columns);
  const shown =
    lines.length <= WORD_LINES
      ? lines
      : [...lines.slice(0, WORD_LINES - 1), `${cut(lines[WORD_LINES - 1] ?? '', columns - 2)} …`];
  return shown.map((line) => (block.type === 'header' ? { text: line, bold: true } : { text: line }));
}

/** The message in a box, `columns` wide. */
export function slackBox(message: Shown, columns: number, bold: (text: string) => string): string[] {
  const inner = columns - 4;
  const title = ` #${message.channel} `;
  const time = ` ${message.at} `;
  const bar = '─'.repeat(Math.max(1, columns - 4 - width(title) - width(time)));
  const lines = (message.blocks as readonly Block[]).flatMap((block) => linesOf(block, inner));
  return [
    `┌─${title}${bar}${time}─┐`,
    ...lines.map((line) => `│ ${line.bold ? bold(pad(line.text, inner)) : pad(line.text, inner)} │`),
    `└${'─'.repeat(columns - 2)}┘`,
  ];
}
