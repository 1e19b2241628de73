import { RedressError } from '../../complaint/errors.js';
import { limit } from '../../complaint/limits.js';
import type { TextLine } from './lines.js';

/** A text to label, as it stands on a line. */
export type Item = { readonly id?: string; readonly text: string };

const SEND = 'Send {"text": "..."} with an optional string "id", or plain text that does not begin with "{".';

/** A line that begins like an object is one, or it is an error: half an object is not a customer's words. */
export function itemOf({ number, text: line }: TextLine): Item {
  const item = line.trimStart().startsWith('{') ? ofJson(line.trim(), number) : { text: line };
  const { length } = item.text;
  if (length > limit('textChars'))
    throw new RedressError(
      'classify',
      'text_too_long',
      `Line ${number} has a text of ${length} characters, more than ${limit('textChars')} (limit textChars).`,
      'Shorten it, or split it over several lines.',
    );
  return item;
}

function ofJson(json: string, number: number): Item {
  const wrong = (what: string, fix = SEND): RedressError =>
    new RedressError('classify', 'bad_line', `Line ${number} ${what}.`, fix);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong('is no JSON');
  }
  const { id, text } = value as Record<string, unknown>;
  if (typeof text !== 'string') throw wrong('has no string "text"');
  if (id === undefined) return { text };
  if (typeof id === 'string') return { id, text };
  if (typeof id !== 'number') throw wrong('has an "id" that is no string');
  // What comes back must be what was sent: 1.0, 1e3 and numbers of more digits than JavaScript holds would change.
  if (!Number.isSafeInteger(id) || writtenId(json) !== String(id))
    throw wrong(
      'has an "id" that is a number which would not come back as it was sent',
      'Send ids as text: {"id": "...", "text": "..."}.',
    );
  return { id: String(id), text };
}

/** The "id" of a JSON object as it is written, if it is a number. */
function writtenId(json: string): unknown {
  const numbersAsText = json.replace(/"(?:[^"\\]+|\\.)*"|-?\d[-+.\deE]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  return (JSON.parse(numbersAsText) as Record<string, unknown>).id;
}
