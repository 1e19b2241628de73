import { z } from 'zod';

const said = z.string().describe('Its words in the text.');
const list = <T extends z.ZodType>(item: T, what: string) => z.array(item).readonly().describe(what);

export const PLACE_KINDS = ['state', 'lga', 'city', 'area'] as const;
export const CURRENCIES = ['NGN', 'USD', 'UGX'] as const;
export const SERVICES = [
  'voice',
  'sms',
  'mobile_data',
  'fixed_internet',
  'tv',
  'roaming',
  'mobile_money',
  'airtime',
  'vas',
  'sim',
  'esim',
  'porting',
] as const;
export const FLAGS = ['threat', 'repeat', 'loss', 'money'] as const;
export const ADDRESSEES = ['us', 'competitor', 'nobody'] as const;
export const AUTHORS = ['customer', 'operator', 'bot', 'press'] as const;

const Place = z.object({
  name: z.string().describe('Its usual name.'),
  kind: z.enum(PLACE_KINDS).describe('State, local government area, city, or part of a city.'),
  state: z.string().describe("State it lies in; a state's own name for a state, FCT for Abuja."),
  said,
});
const Amount = z.object({
  value: z.number().describe('In whole units of the currency: naira, not kobo.'),
  currency: z.enum(CURRENCIES).describe('ISO 4217.'),
  said,
});
const DataSize = z.object({
  mb: z.number().describe('Megabytes; a gigabyte is 1,024 of them, as on the meters of operators.'),
  said,
});
const Since = z.object({
  from: z.date().describe('First moment of what was said, never after the message.'),
  precision: z.enum(['minute', 'day', 'week', 'month']).describe('How exactly it was said.'),
  said,
});

/** What a message says beside its labels, read from its cleaned and redacted text: nothing private can be in it. */
export const Entities = z.object({
  places: list(Place, 'Places it names, the most specific first, at most five.'),
  amounts: list(Amount, 'Sums of money.'),
  data: list(DataSize, 'Data sizes.'),
  services: list(z.enum(SERVICES), 'Services it is about.'),
  devices: list(z.string(), 'Maker and model where said (`Tecno Spark 10C`), else the kind (`router`).'),
  competitors: list(z.string(), 'Operators other than ours.'),
  since: Since.optional().describe('When the trouble began, if it is said.'),
  references: list(z.string(), 'Ticket and case numbers it quotes, in capitals; ours in their written form.'),
  flags: list(
    z.enum(FLAGS),
    'threat: court, regulator, press, leaving; repeat: again, open for days; loss: a service is gone now; money: a sum at stake.',
  ),
  addressee: z.enum(ADDRESSEES).describe('Whom it is about: us, unless all speaks against it.'),
  author: z.enum(AUTHORS).describe('Who seems to have written it.'),
});
export type Entities = z.infer<typeof Entities>;
export type Place = z.infer<typeof Place>;
export type PlaceKind = Place['kind'];
export type Amount = z.infer<typeof Amount>;
export type Currency = Amount['currency'];
export type DataSize = z.infer<typeof DataSize>;
export type Since = z.infer<typeof Since>;
export type Service = (typeof SERVICES)[number];
export type Flag = (typeof FLAGS)[number];
export type Addressee = (typeof ADDRESSEES)[number];
export type Author = (typeof AUTHORS)[number];
