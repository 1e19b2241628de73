import type { z } from 'zod';
import { Duration, formatDuration } from './duration.js';
import { EncryptionKeys, HashKey } from './keys.js';
import { Region, Zone } from './places.js';
import { line } from './schemas.js';
import {
  Address,
  Host,
  List,
  Mailbox,
  Name,
  Rate,
  RedisAddress,
  TrustProxy,
  WebAddress,
  Whole,
  Word,
} from './values.js';

export const ROLES = ['api', 'workers', 'scheduler'] as const;
export type Role = (typeof ROLES)[number];
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export type Setting = {
  /** Environment variable; secrets also have one with `_FILE` at its end. */
  readonly env: string;
  /** From text to the value carried. */
  readonly schema: z.ZodType<unknown, string>;
  /** As it would be written; absent = not set. */
  readonly default?: string;
  /** Shown in docs where there is no default. */
  readonly example?: string;
  readonly description: string;
  /** Never shown, not even in part. */
  readonly secret?: true;
  /** May be a YAML list too. */
  readonly list?: true;
  /** How a value is shown, where String() would not do. */
  readonly show?: (value: never) => string;
};

const MINUTE = 60_000;

/** Every setting of the product, in the order in which docs and `redress config` show them. */
export const SETTINGS = {
  'data.dir': {
    env: 'REDRESS_DATA_DIR',
    schema: line(1_024),
    default: './data',
    description:
      'Folder of the embedded engines, local keys and archived files; relative to the working folder.',
  },
  'http.host': {
    env: 'REDRESS_HTTP_HOST',
    schema: Host,
    default: '127.0.0.1',
    description: 'Address the HTTP server listens on; 0.0.0.0 or :: for all.',
  },
  'http.port': {
    env: 'REDRESS_HTTP_PORT',
    schema: Whole(0, 65_535),
    default: '3000',
    description: 'Port of the HTTP server; 0 takes any free one.',
  },
  'http.publicUrl': {
    env: 'REDRESS_PUBLIC_URL',
    schema: WebAddress(''),
    example: 'https://redress.example.net',
    description: 'Address under which people and webhooks reach this server; used for links.',
  },
  'http.trustProxy': {
    env: 'REDRESS_TRUST_PROXY',
    schema: TrustProxy,
    default: 'false',
    description:
      'Whose X-Forwarded headers count: false, true (anybody, only behind a closed network), or the addresses and networks of your proxies, with commas.',
  },
  'limits.requestsPerMinute': {
    env: 'REDRESS_REQUESTS_PER_MINUTE',
    schema: Whole(0, 100_000_000),
    default: '6000',
    description: 'Requests a minute that one API key may make of this process; 0 = any number.',
  },
  'limits.itemsPerMinute': {
    env: 'REDRESS_ITEMS_PER_MINUTE',
    schema: Whole(0, 100_000_000),
    default: '100000',
    description:
      'Complaints a minute that one API key may send to this process, singly, in batches or streams; 0 = any number.',
  },
  'stores.mongodbUri': {
    env: 'MONGODB_URI',
    schema: Address('mongodb', 'mongodb+srv'),
    example: 'mongodb://user:password@db1,db2,db3/?replicaSet=rs0',
    secret: true,
    description:
      'Your own MongoDB (replica set or shards). Set together with redisUrl, or neither for the embedded engines.',
  },
  'stores.mongodbDatabase': {
    env: 'REDRESS_MONGODB_DATABASE',
    schema: Name(/^[A-Za-z0-9_-]{1,63}$/, '1 to 63 letters, digits, _ or -'),
    default: 'redress',
    description: 'Name of the database.',
  },
  'stores.redisUrl': {
    env: 'REDIS_URL',
    schema: RedisAddress,
    example: 'rediss://user:password@cache:6379',
    secret: true,
    description: 'Your own Redis. Set together with mongodbUri, or neither.',
  },
  'stores.queuePrefix': {
    env: 'REDRESS_QUEUE_PREFIX',
    schema: Name(
      /^([A-Za-z0-9_-]{1,40}|\{[A-Za-z0-9_-]{1,40}\})$/,
      'letters, digits, _ or -, in {} on a Redis Cluster',
    ),
    default: 'redress',
    description:
      'First part of every key in Redis, so that sites can share one; on a Redis Cluster in braces: {redress}.',
  },
  'keys.encryption': {
    env: 'REDRESS_ENCRYPTION_KEYS',
    schema: EncryptionKeys,
    example: '1:<output of: openssl rand -base64 32>',
    secret: true,
    description:
      'AES-256 keys of raw pieces and contacts, version:base64 with commas. The highest version is used for new writes; keep older ones to read what they sealed. Required with your own MongoDB.',
  },
  'keys.hash': {
    env: 'REDRESS_HASH_KEY',
    schema: HashKey,
    example: '<output of: openssl rand -base64 32>',
    secret: true,
    description:
      'Key of the customer hash, base64 of 32 bytes or more; never changed once used. Required with your own MongoDB.',
  },
  'slack.botToken': {
    env: 'SLACK_BOT_TOKEN',
    schema: line(512).regex(/^(xoxe\.)?xoxb-/, 'must be a bot token: it begins with xoxb-'),
    example: 'xoxb-...',
    secret: true,
    description: 'Bot token of your Slack app; without one nothing is sent to Slack.',
  },
  'slack.apiUrl': {
    env: 'SLACK_API_URL',
    schema: WebAddress('/'),
    default: 'https://slack.com/api/',
    description: 'Base address of the Slack Web API.',
  },
  'slack.messagesPerSecond': {
    env: 'REDRESS_SLACK_RATE',
    schema: Rate,
    default: '1',
    description: 'Messages a second to one channel; Slack allows about one.',
  },
  'slack.timeout': {
    env: 'REDRESS_SLACK_TIMEOUT',
    schema: Duration(100, 10 * MINUTE),
    default: '10s',
    show: formatDuration,
    description: 'How long one call to Slack may take before its outcome counts as unknown.',
  },
  'mail.smtpUrl': {
    env: 'SMTP_URL',
    schema: Address('smtp', 'smtps'),
    example: 'smtps://user:password@mail.example.net:465',
    secret: true,
    description: 'Mail server for alarms; without one no mail is sent.',
  },
  'mail.from': {
    env: 'REDRESS_MAIL_FROM',
    schema: Mailbox,
    default: 'redress@localhost',
    description: 'Sender of mails: an address, or Name <address>.',
  },
  'mail.operators': {
    env: 'REDRESS_MAIL_OPERATORS',
    schema: List(Mailbox),
    default: '',
    list: true,
    example: 'noc@example.net, data@example.net',
    description: 'Who gets alarms by mail, with commas.',
  },
  'operator.name': {
    env: 'REDRESS_OPERATOR_NAME',
    schema: line(120),
    default: 'Beejan Technologies',
    description: 'Name of the operator, as people read it.',
  },
  'operator.names': {
    env: 'REDRESS_OPERATOR_NAMES',
    schema: List(line(60)),
    default: 'Beejan, BeejanNG, BeejanCares, BeejanPay',
    list: true,
    description:
      'Names and handles by which customers call the operator, with commas; others are competitors or people.',
  },
  'operator.zone': {
    env: 'REDRESS_ZONE',
    schema: Zone,
    default: 'Africa/Lagos',
    description: 'IANA time zone of days in reports, and of feeds that name none.',
  },
  'operator.region': {
    env: 'REDRESS_REGION',
    schema: Region,
    default: 'NG',
    description: 'Country (ISO 3166, two letters) of phone numbers written without a country code.',
  },
  'routing.within': {
    env: 'REDRESS_ROUTE_WITHIN',
    schema: Duration(MINUTE),
    default: '72h',
    show: formatDuration,
    description: 'Older complaints are kept and labelled but sent to nobody; a feed can say otherwise.',
  },
  'inference.model': {
    env: 'REDRESS_MODEL',
    schema: Name(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'the name of a folder in models/'),
    default: 'minilm-telecom-1',
    description: 'Model that labels complaints: a folder in models/.',
  },
  'inference.threads': {
    env: 'REDRESS_INFERENCE_THREADS',
    schema: Whole(1, 64),
    default: '1',
    description: 'Worker threads of the model.',
  },
  'transform.concurrency': {
    env: 'REDRESS_TRANSFORM_CONCURRENCY',
    schema: Whole(1, 64),
    default: '8',
    description:
      'Live transform jobs worked on at a time; most hold one complaint. Bulk has one beside them.',
  },
  'inbox.scanEvery': {
    env: 'REDRESS_INBOX_SCAN_EVERY',
    schema: Duration(50, 60 * MINUTE),
    default: '2s',
    show: formatDuration,
    description: 'How often the drop folders are looked through (feeds with `inbox`).',
  },
  'inbox.stableFor': {
    env: 'REDRESS_INBOX_STABLE_FOR',
    schema: Duration(0, 60 * MINUTE),
    default: '5s',
    show: formatDuration,
    description:
      'A file in a drop folder is taken when its size and time of change stayed the same for this long, at two looks or more.',
  },
  'inbox.markerWithin': {
    env: 'REDRESS_INBOX_MARKER_WITHIN',
    schema: Duration(0),
    default: '10m',
    show: formatDuration,
    description:
      'How long a file that stands still may wait for its .done or checksum file before it is reported as incomplete.',
  },
  'log.level': {
    env: 'REDRESS_LOG_LEVEL',
    schema: Word(LOG_LEVELS),
    default: 'info',
    description: `Least level that is logged: ${LOG_LEVELS.join(', ')}.`,
  },
  roles: {
    env: 'REDRESS_ROLES',
    schema: List(Word(ROLES), 1),
    default: 'api,workers,scheduler',
    list: true,
    description: 'What this process does, with commas.',
  },
  'disk.minFreeMb': {
    env: 'REDRESS_MIN_FREE_MB',
    schema: Whole(0, 999_999_999),
    default: '200',
    description: 'Under this much free disk (MiB) the door answers 503 instead of accepting.',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
export const settingOf = (key: SettingKey): Setting => SETTINGS[key];
