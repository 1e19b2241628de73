const listed = (list: string, from = 0): [string, number][] =>
  list.split(' ').flatMap((words, i) => words.split('/').map((w): [string, number] => [w, i + from]));

/** Days of the week from 0, Sunday: English and short forms, Hausa, Yoruba (after ojo), Igbo. */
export const WEEKDAYS = new Map([
  ...listed(
    'sunday/lahadi monday/litinin/monde tuesday/talata/tuzde/tues wednesday/laraba/wenezde/wednessday/ojoru thursday/ojobo/alhamis/thurs/tosde friday/jumaa/jumma/fraide/juma saturday/asabar/satode/satday',
  ),
]);
export const YORUBA_DAYS = new Map(listed('aiku aje isegun ojoru ojobo eti abameta'));
/** From 1. */
export const MONTHS = new Map(
  listed(
    'january/jan february/feb march april/apr may june july august/aug september/sept/sep october/oct november/nov december/dec',
    1,
  ),
);

/** Days before today of a word that says them by itself. */
export const DAY_WORDS = new Map<string, number>([
  ['yesterday', 1],
  ['yday', 1],
  ['yestday', 1],
  ['ystday', 1],
  ['yesternight', 1],
  ['jiya', 1],
  ['jia', 1],
  ['shekaranjiya', 2],
  ['unyaahu', 1],
  ['nnyaafu', 1],
  ['ijeta', 2],
  ['lanaa', 1],
  ['today', 0],
  ['2day', 0],
  ['yau', 0],
  ['taa', 0],
  ['loni', 0],
]);
/** The same, but words of other things too: only after `since`. */
export const AFTER_SINCE = new Map<string, number>([
  ['ana', 1],
  ['lana', 1],
  ['morning', 0],
  ['moring', 0],
  ['mrng', 0],
  ['afternoon', 0],
  ['evening', 0],
  ['safe', 0],
  ['owuro', 0],
  ['aaro', 0],
  ['ututu', 0],
  ['dawn', 0],
  ['night', 1],
]);

export const SINCE = new Set([
  'since',
  'sinc',
  'snce',
  'sins',
  'tun',
  'lati',
  'kemgbe',
  'kamgbe',
  'starting',
  'started',
]);
export const PARTS = new Set([
  'morning',
  'afternoon',
  'evening',
  'night',
  'da',
  'safe',
  'yamma',
  'dare',
  'nite',
]);

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month';
/** Units of time behind their number. */
export const UNITS = new Map<string, Unit>([
  ...['minute', 'minutes', 'min', 'mins'].map((w): [string, Unit] => [w, 'minute']),
  ...['hour', 'hours', 'hr', 'hrs'].map((w): [string, Unit] => [w, 'hour']),
  ...['day', 'days', 'dayz'].map((w): [string, Unit] => [w, 'day']),
  ...['week', 'weeks', 'wk', 'wks'].map((w): [string, Unit] => [w, 'week']),
  ...['month', 'months', 'mnths', 'mths'].map((w): [string, Unit] => [w, 'month']),
]);
/** Units of Hausa, Yoruba and Igbo, before their number. */
export const UNITS_BEFORE = new Map<string, Unit>([
  ['awa', 'hour'],
  ['kwana', 'day'],
  ['kwanaki', 'day'],
  ['sati', 'week'],
  ['mako', 'week'],
  ['makonni', 'week'],
  ['wata', 'month'],
  ['watanni', 'month'],
  ['ojo', 'day'],
  ['ose', 'week'],
  ['osu', 'month'],
  ['ubochi', 'day'],
  ['izu', 'week'],
  ['onwa', 'month'],
]);
/** What makes a time the length of the trouble. */
export const LASTS_BEFORE = new Set(
  'for past last since now almost nearly over about reach don de like continuous good whole'.split(' '),
);
export const LASTS_AFTER = new Set(
  'now ago straight running without no back kenan plus already today'.split(' '),
);
/** What makes it something else: the term of a plan, a promise. */
export const TERM_BEFORE = new Set(
  'within in next every valid per expires expire until till after before'.split(' '),
);
export const TERM_AFTER = new Set(
  'validity plan plans bundle bundles subscription valid free contract warranty bonus old'.split(' '),
);
/** Not yet, or no moment of the trouble. */
export const TO_COME = new Set('by before until till next coming every tomorrow will shall'.split(' '));
