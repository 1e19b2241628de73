import type { Token, Words } from './tokens.js';

const MOST = 5;
const MOST_MODEL_WORDS = 4;

/** Makers as they write themselves, by folded word. */
const MAKERS = new Map(
  'iPhone iPad Samsung Tecno Infinix itel Nokia Xiaomi Huawei Oppo Vivo Gionee ZTE Hisense LG Sony Motorola OnePlus Realme Villaon UMIDIGI Alcatel Freeyond Oraimo Tenda MikroTik Nothing Honor BlackBerry HTC'
    .split(' ')
    .map((maker) => [maker.toLowerCase(), maker]),
);
/** Makers that are words too: only with a model. */
const WITH_MODEL = new Set(['nothing', 'honor', 'vivo', 'realme']);
/** Lines that tell their maker, if a model follows. */
const LINES = new Map([
  ['galaxy', 'Samsung'],
  ['redmi', 'Xiaomi'],
  ['poco', 'Xiaomi'],
  ['pixel', 'Google'],
  ['camon', 'Tecno'],
  ['spark', 'Tecno'],
  ['pova', 'Tecno'],
  ['phantom', 'Tecno'],
]);
const MODEL_WORDS = new Set(
  'galaxy redmi poco pixel camon spark pova phantom pop hot note smart zero ultra plus pro max mini prime fe lite se xr xs air vision go play y a s x c power core edge nova mate premier'.split(
    ' ',
  ),
);
const CODE = /^(?=[a-z]*\d)[a-z]{0,3}\d{1,4}[a-z]{0,2}$/;
const NO_CODE = /^\d+(?:k|mb|gb|am|pm|g|th|st|nd|rd|x)$|^(?:19|20)\d\d$/;

/** Kinds of device without a maker. */
const KINDS = new Map([
  ['mifi', 'MiFi'],
  ['router', 'router'],
  ['routers', 'router'],
  ['modem', 'modem'],
  ['decoder', 'decoder'],
  ['dongle', 'dongle'],
  ['odu', 'ODU'],
  ['cpe', 'CPE'],
  ['ont', 'ONT'],
  ['ipad', 'iPad'],
]);

const isCode = (word: string): boolean => CODE.test(word) && !NO_CODE.test(word);

/** `10C`, `A05s`, `30i`: codes in capitals but for the i and s that makers write small; names with a capital. */
function asWritten(word: string): string {
  if (!/\d/.test(word))
    return word.length <= 2 ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1);
  return word.toUpperCase().replace(/(?<=\d)[IS]$/, (c) => c.toLowerCase());
}

/** Words of the model that begin at `from`. */
function modelAt(tokens: readonly Token[], from: number): string[] {
  const model: string[] = [];
  for (let at = from; at < tokens.length && model.length < MOST_MODEL_WORDS; at++) {
    const { fold, gap } = tokens[at] as Token;
    if (!/^[ -]$/.test(gap)) break;
    const coded = model.some(isCode);
    if (
      isCode(fold)
        ? coded
        : !MODEL_WORDS.has(fold) || (fold.length === 1 && !isCode(tokens[at + 1]?.fold ?? ''))
    )
      break;
    model.push(fold);
  }
  return model;
}

/** Handsets, routers and boxes that are named: maker and model, else maker, else kind. */
export function devicesIn({ tokens }: Words): string[] {
  const found = new Set<string>();
  for (let at = 0; at < tokens.length; at++) {
    const { fold } = tokens[at] as Token;
    const kind = KINDS.get(fold);
    const maker = MAKERS.get(fold);
    const line = LINES.get(fold);
    if (kind) found.add(kind);
    if (!maker && !line) continue;
    const model = modelAt(tokens, at + 1);
    const coded = model.some(isCode);
    if (line && !maker && !coded) continue;
    if (WITH_MODEL.has(fold) && !coded) continue;
    const words = maker ? [maker] : [line as string, asWritten(fold)];
    found.add([...words, ...model.map(asWritten)].join(' '));
    at += model.length;
  }
  return [...found].filter((d) => ![...found].some((o) => o.startsWith(`${d} `))).slice(0, MOST);
}
