import {
  ASKS_TO_PORT,
  BACK,
  COURT,
  DAILY,
  GONE,
  LEAVING,
  PAID_IN_VAIN,
  STILL_OPEN,
  TAKEN,
  TIMES,
  TO_PRESS,
  TO_REGULATOR,
} from './flag-phrases.js';
import type { Words } from './tokens.js';
import { type Author, FLAGS, type Flag } from '../../complaint/entities.js';

const AGAIN = /\b(?:again|agn)\b/g;
const NO_LONGER = /\b(?:no|not|dont|never|wont|cant|cannot|nor|once|thanks?|anymore)\b(?: \w+){0,7} $/;
/** Characters before "again" in which a word can turn its sense. */
const REACH = 50;

/** "again" as once more, not as "no longer" (I no do again) or in "thanks once again". */
function saysAgain(line: string): boolean {
  for (const { index } of line.matchAll(AGAIN)) {
    if (!NO_LONGER.test(line.slice(Math.max(0, index - REACH), index))) return true;
  }
  return false;
}

/**
 * Reasons of urgency that the words give, in the order of the closed list: reasons to look, no verdict. The press
 * writes of courts and regulators without threatening anybody.
 */
export function flagsIn({ line }: Words, author: Author = 'customer'): Flag[] {
  if (author === 'press') return [];
  const money = TAKEN.test(line) || PAID_IN_VAIN.test(line);
  const loss = GONE.test(line) && !BACK.test(line);
  const leaves = LEAVING.test(line) && !ASKS_TO_PORT.test(line);
  const said: Readonly<Record<Flag, boolean>> = {
    threat: leaves || COURT.test(line) || TO_REGULATOR.test(line) || TO_PRESS.test(line),
    repeat:
      TIMES.test(line) || STILL_OPEN.test(line) || saysAgain(line) || ((money || loss) && DAILY.test(line)),
    loss,
    money,
  };
  return FLAGS.filter((flag) => said[flag]);
}
