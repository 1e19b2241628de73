import type { CountryCode } from 'libphonenumber-js';
import { z } from 'zod';
import { type Mappable, SOURCES, type Source } from '../complaint/aligned.js';
import { type Complete, CompleteSchema, DropFolder, sharedFolders } from './drop-folder.js';
import { Duration } from './duration.js';
import { deepFreeze } from './freeze.js';
import { Dates, type Identity, IdentitySchema, Mapping, type Moments, mappingOf } from './mapping.js';
import { Region, Zone } from './places.js';
import { raise } from './problems.js';
import { closed, line, oneOf, oneOrMany } from './schemas.js';
import { checkYaml, parseYaml, problemAt, readText } from './yaml.js';

/** One configured instance of a source, with every default filled in. */
export type Feed = {
  readonly name: string;
  readonly source: Source;
  readonly owner?: string;
  /** `live` is served before `bulk`. */
  readonly lane: 'live' | 'bulk';
  /** ms; complaints older than this when they come in are `historic`. */
  readonly routeWithin: number;
  /** Folded (trimmed, lower case): compare with `foldStatus`. */
  readonly closedStatuses: readonly string[];
  readonly region: CountryCode;
  readonly zone: string;
  /** Columns of each mapped field, to be joined with `, `; `occurred...` is in `moments`. Absent: no files. */
  readonly mapping?: Readonly<Partial<Record<Mappable, readonly string[]>>>;
  /** Absent: the file tells no time, receivedAt is taken. */
  readonly moments?: Moments;
  readonly identity: Identity;
  /** One character, or `auto`: found for each file. */
  readonly delimiter: string;
  /** WHATWG name, as TextDecoder takes it, or `auto`: found for each file. */
  readonly encoding: string;
  /** Whether `"` begins a quoted cell in its files, or is a character like any other. */
  readonly quotes: boolean;
  /** Of files that have no heading row. */
  readonly headings?: readonly string[];
  /** Its drop folder: true = `<data.dir>/inbox/<feed>/`. Absent: none. */
  readonly inbox?: true | string;
  /** How a file shows that it is whole. Absent: by standing still. */
  readonly complete?: Complete;
};
export type Feeds = ReadonlyMap<string, Feed>;

export type FeedDefaults = Pick<Feed, 'routeWithin' | 'region' | 'zone'>;

/** How statuses are compared. */
export const foldStatus = (status: string): string => status.trim().toLowerCase();

/** Feed names, as they stand in addresses, ids and file names. */
export const FeedName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,39}$/,
    'is no feed name: 1 to 40 of a-z, 0-9, _ and -, not beginning with _ or -',
  );

/** Rows are cut at ASCII bytes (or UTF-16 units) before they are decoded, which these encodings do not allow. */
const UNCUTTABLE = ['iso-2022-jp'];
const AUTO = 'auto';

const Encoding = line(40).transform((label, context) => {
  const wrong = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (label === AUTO) return AUTO;
  try {
    const name = new TextDecoder(label).encoding;
    if (!UNCUTTABLE.includes(name)) return name;
    return wrong(`is ${name}, in which files can't be read row by row: save them as UTF-8`);
  } catch {
    return wrong('is no encoding known here (like utf-8 or windows-1252)');
  }
});

const Delimiter = z
  .string()
  .transform((text) => (text === 'tab' ? '\t' : text))
  .refine(
    (text) => text === AUTO || (text.length === 1 && !/["\r\n\w]/.test(text)),
    'must be one character, like ";", or tab, or auto',
  );

const Headings = z
  .array(line(256))
  .min(1, 'is an empty list')
  .max(1_000, 'has more than 1000 entries')
  .refine((names) => new Set(names).size === names.length, 'names a column twice');

const FeedSchema = closed({
  source: oneOf(SOURCES),
  owner: line(120).optional(),
  lane: oneOf(['live', 'bulk']).optional(),
  routeWithin: Duration(60_000).optional(),
  closedStatuses: oneOrMany(line(120).transform(foldStatus)).optional(),
  region: Region.optional(),
  zone: Zone.optional(),
  mapping: Mapping.optional(),
  identity: IdentitySchema.optional(),
  delimiter: Delimiter.optional(),
  encoding: Encoding.optional(),
  quotes: oneOf(['double', 'none']).optional(),
  headings: Headings.optional(),
  dates: Dates.optional(),
  inbox: DropFolder.optional(),
  complete: CompleteSchema.optional(),
});

const FeedsFile = closed({ feeds: z.record(FeedName, FeedSchema) });

/** `file` is how errors call the text. Throws one RedressError that names file and line of everything wrong. */
export function parseFeeds(text: string, file: string, defaults: FeedDefaults): Feeds {
  const yaml = parseYaml(text, file);
  const { feeds } = checkYaml(yaml, FeedsFile);
  const built = Object.entries(feeds).map(([name, said]) => {
    const { mapping, dates, owner, inbox, complete, ...rest } = said;
    const zone = dates?.zone ?? rest.zone ?? defaults.zone;
    const mapped = mapping && mappingOf(mapping, dates, zone);
    raise((mapped?.problems ?? []).map((p) => problemAt(yaml, ['feeds', name, ...p.path], p.problem)));
    if (inbox && !mapping) raise([problemAt(yaml, ['feeds', name, 'inbox'], 'needs a mapping beside it')]);
    const feed: Feed = {
      name,
      source: rest.source,
      ...(owner === undefined ? {} : { owner }),
      lane: rest.lane ?? (rest.source === 'call_log' ? 'bulk' : 'live'),
      routeWithin: rest.routeWithin ?? defaults.routeWithin,
      closedStatuses: rest.closedStatuses ?? [],
      region: rest.region ?? defaults.region,
      zone: rest.zone ?? defaults.zone,
      ...(mapped === undefined ? {} : { mapping: mapped.columns }),
      ...(mapped?.moments === undefined ? {} : { moments: mapped.moments }),
      identity: rest.identity ?? { kind: 'content' },
      delimiter: rest.delimiter ?? AUTO,
      encoding: rest.encoding ?? AUTO,
      quotes: rest.quotes !== 'none',
      ...(rest.headings === undefined ? {} : { headings: rest.headings }),
      ...(inbox ? { inbox } : {}),
      ...(complete === undefined ? {} : { complete }),
    };
    return [name, deepFreeze(feed)] as const;
  });
  const shared = [...sharedFolders(built.map(([, feed]) => feed))];
  raise(
    shared.map((s) => problemAt(yaml, ['feeds', s.name, 'inbox'], `is the folder of feed ${s.with} too`)),
  );
  return new Map(built);
}

/** The feeds of sources.yaml. `shown` is how errors call the file. */
export function loadFeeds(path: string, defaults: FeedDefaults, shown = path): Feeds {
  const text = readText(path, shown);
  if (text === undefined) {
    const fix = 'Put it back from the package (config/sources.yaml), or name the right folder.';
    raise([
      { code: 'file_missing', where: shown, problem: 'There is no such file; it declares the feeds.', fix },
    ]);
  }
  return parseFeeds(text ?? '', shown, defaults);
}
