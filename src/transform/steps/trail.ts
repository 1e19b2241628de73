/** Begins what somebody wrote before, below a reply. Matched from the start of a line; all below goes. */
const QUOTED_BELOW = [/^on .{6,120}wrote ?:$/i, /^-{2,} ?original message ?-{2,}$/i, /^_{8,}$/];
/** Begins the address lines of a forwarded message, whose text is what the customer means us to read. */
const FORWARDED = /^(?:-{4,} ?forwarded message ?-{4,}|begin forwarded message ?:)$/i;
const HEADER = /^(?:from|sent|date|to|cc|bcc|subject|reply-to) ?: .{0,200}$/i;
/** Said by the program, not by its user. */
const MACHINE = [
  /^sent (?:from|via) (?:my |the )?[\w .'-]{2,60}$/i,
  /^sent from (?:yahoo|outlook|mail|gmail).{0,60}$/i,
  /^get outlook for (?:android|ios)$/i,
  /^\[?(?:external|caution|warning)\]? ?:? ?(?:this (?:e-?mail|message) originated|external (?:e-?mail|sender)).{0,200}$/i,
  /^(?:please )?(?:think|consider) .{0,40}before printing .{0,60}$/i,
];
/** Begins a notice of lawyers, always the last of a message. */
const NOTICE =
  /^(?:disclaimer ?:|confidentiality notice|this (?:e-?mail|message|communication)(?: and| \(including| is| may| contains| with).{0,80}(?:confidential|privileged|intended (?:only|solely)))/i;
/** The sign before a signature (RFC 3676, section 4.3), less the space that cleaning takes off. */
const SIGNATURE = '--';
const MOST_SIGNATURE_LINES = 8;
/** Letters that must be left, or nothing is taken: a customer may send only what he quotes. */
const LEAST_LETTERS = 8;

const letters = (lines: readonly string[]): number => (lines.join('').match(/\p{L}/gu) ?? []).length;

/** Outlook quotes by a block of address lines: two or more, the first of them From. */
const isHeaderBlock = (lines: readonly string[], at: number): boolean =>
  /^from ?: /i.test(lines[at] ?? '') && HEADER.test(lines[at + 1] ?? '') && HEADER.test(lines[at + 2] ?? '');

function cutBelow(lines: readonly string[]): readonly string[] {
  const at = lines.findIndex(
    (line, i) =>
      i > 0 && (QUOTED_BELOW.some((p) => p.test(line)) || NOTICE.test(line) || isHeaderBlock(lines, i)),
  );
  return at === -1 ? lines : lines.slice(0, at);
}

/** Where the sign stands once and near the end; several are a list. */
function withoutSignature(lines: readonly string[]): readonly string[] {
  const at = lines.indexOf(SIGNATURE);
  const near = lines.length - at - 1 <= MOST_SIGNATURE_LINES;
  return at > 0 && near && lines.lastIndexOf(SIGNATURE) === at ? lines.slice(0, at) : lines;
}

/** One line with the sign may be "> 3 days"; several are a quotation. */
const withoutQuotes = (lines: readonly string[]): readonly string[] => {
  const own = lines.filter((line) => !line.startsWith('>'));
  return lines.length - own.length >= 2 ? own : lines;
};

/** Takes the address lines from the head of a forwarded message; its text stays. */
function unforwarded(lines: readonly string[]): readonly string[] {
  const left: string[] = [];
  let inHeader = false;
  for (const line of lines) {
    if (FORWARDED.test(line)) inHeader = true;
    else if (!inHeader || (line !== '' && !HEADER.test(line))) {
      inHeader = false;
      left.push(line);
    }
  }
  return left.length === lines.length ? lines : left;
}

/**
 * A message without what mail programs put around it: quoted replies, address lines of forwards, signatures, "Sent from my
 * phone", legal notices. Only whole lines go, and none if hardly anything would be left; the raw piece keeps everything. Lines
 * as `cleanText` leaves them. Doing it twice changes nothing.
 */
export function withoutTrail(text: string): string {
  if (!text.includes('\n')) return text;
  const whole = text.split('\n');
  const steps = [
    unforwarded,
    (lines: readonly string[]) => lines.filter((line) => !MACHINE.some((p) => p.test(line))),
    withoutQuotes,
    withoutSignature,
    cutBelow,
  ];
  const left = steps.reduce<readonly string[]>((lines, step) => {
    const next = step(lines);
    return letters(next) >= LEAST_LETTERS ? next : lines;
  }, whole);
  return left.length === whole.length ? text : left.join('\n');
}
