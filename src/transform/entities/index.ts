import { devicesIn } from './devices.js';
import { flagsIn } from './flags.js';
import { competitorsAt } from './operators.js';
import { placesIn } from './places.js';
import { quantitiesIn } from './quantities.js';
import { referencesIn } from './references.js';
import { servicesIn } from './services.js';
import { sinceIn } from './since.js';
import { wordsOf } from './tokens.js';
import type { Entities } from '../../complaint/entities.js';
import type { EntityContext } from './types.js';
import { addresseeOf, authorOf } from './voice.js';

export type { EntityContext } from './types.js';

/**
 * What a message says beside its labels. `text` is cleaned and redacted, so that nothing private can be in the
 * answer. Pure, never fails on a string, linear in its length.
 */
export function entitiesOf(text: string, context: EntityContext): Entities {
  const words = wordsOf(text);
  const { places, covered } = placesIn(words);
  const { amounts, data } = quantitiesIn(words, context.zone);
  const mentions = competitorsAt(words, context.own);
  const author = authorOf(words, context);
  const flags = flagsIn(words, author);
  const since = sinceIn(words, context);
  return {
    places,
    amounts,
    data,
    services: servicesIn(words, covered),
    devices: devicesIn(words),
    competitors: [...new Set(mentions.map((m) => m.name))],
    ...(since ? { since } : {}),
    references: referencesIn(text),
    flags,
    addressee: addresseeOf(words, { own: context.own, author }, mentions, flags),
    author,
  };
}
