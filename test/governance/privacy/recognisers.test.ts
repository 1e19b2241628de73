import { describe, expect, it } from '@jest/globals';
import { account } from '../../../src/governance/privacy/account.js';
import { address } from '../../../src/governance/privacy/address.js';
import { card } from '../../../src/governance/privacy/card.js';
import { codes } from '../../../src/governance/privacy/code.js';
import { iccid, imei } from '../../../src/governance/privacy/device.js';
import { email } from '../../../src/governance/privacy/email.js';
import { fold } from '../../../src/governance/privacy/fold.js';
import { handle } from '../../../src/governance/privacy/handle.js';
import { id } from '../../../src/governance/privacy/id.js';
import { bvn, nin } from '../../../src/governance/privacy/identity.js';
import { name } from '../../../src/governance/privacy/name.js';
import { phone } from '../../../src/governance/privacy/phone.js';
import { spoken } from '../../../src/governance/privacy/spoken.js';
import type { Recogniser } from '../../../src/governance/privacy/types.js';

/** Each text has braces round what must be found, and nothing else may be. */
function finds(title: string, recognisers: readonly Recogniser[], marked: readonly string[]): void {
  describe(title, () => {
    it.each(marked)('%j', (text) => {
      const view = fold(text.replace(/[{}]/g, ''));
      const found = recognisers.flatMap((r) => [...r(view, { region: 'NG', own: new Set(['acme']) })]);
      const spans = new Set(found.map(({ start, end }) => view.text.slice(start, end)));
      expect([...spans].sort()).toEqual([...text.matchAll(/\{([^}]*)\}/g)].map((m) => m[1]).sort());
    });
  });
}

finds(
  'phone numbers',
  [phone()],
  [
    'all (0803) lines',
    'call {(0803) 555 0101} or ({08035550102})',
    '{08035550101}/{08035550102} and {0803 555 0126/27}',
    '{0803 555 0101} 2 times',
    'number {080355501017} has a digit too many, {0803555010} one too few',
    '{0803 555 0101} and {0803,555,0101}',
    'my line {803555010}',
    '{+234 (0) 803 555 0101} {+256 772 555 014}',
    '{0700BEEJAN}',
    'tried 1000 2000 3000 5000, at 0800 0930 1100 hrs, on 12 13 14 15 16 nov',
    'ts=1764061200 used_bytes=10737418240 batch 20261125091200',
    '10.0.19045.3803, 192.168.100.100, 6.5243793, 1500500500 naira',
  ],
);

finds(
  'spoken numbers',
  [spoken()],
  [
    'it is {zero eight zero three, triple five, zero one seven one}.',
    '{oh eight oh three five five five oh double three six} and',
    '{0803 five five five 0215}',
    'called three four five times, double two times, zero zero nothing',
  ],
);

finds(
  'e-mail addresses',
  [email()],
  [
    'to {ada.obi+x@example.co.uk}, {b@x.ng}.',
    'at {h dot ali at gmail dot com} or {sunny (at) example (dot) com}',
    '{tope_ade @ example.com} {ada@gmail}',
    'write {ada@example.com}.Thanks',
    'my friend @ada.obi at gmail login page, no dot com, red dot at the top',
  ],
);

finds(
  'cards',
  [card()],
  [
    'with {4111 1111 1111 1111} and {378282246310005}',
    'card no {5399 8355 5501 0104}',
    '4111111111111112 **** 4242, 2026112509143377',
  ],
);

finds(
  'accounts',
  [account()],
  [
    'acct {0123456789}, or {0123 456 788} (UBA)',
    'refund of N5,000 to Zenith {2208451937}',
    '*737*2*4500*{0165530972}#',
    'call 8035550101, order 0123456789',
  ],
);

finds(
  'NIN and BVN',
  [nin(), bvn()],
  [
    'nin:{66208813947} bvn:{22212345678}',
    'my NIN, {7012 3984 561}, and the number linked',
    'linked my NIN, *346#, 3 times; NIN ok, call line 08035550101',
  ],
);

finds(
  'IMEI and ICCID',
  [imei(), iccid()],
  [
    'IMEI1 {354029104455663} IMEI 2 {867452030011220}',
    '*#06# gives {353269-07-334455-2}',
    '{356938035643809} but not 356938035643808',
    'SIM {89234 30385 28084 14855}',
  ],
);

finds('codes', codes(), [
  'my pin is {4471}',
  'PIN wey I dey use na {2580}',
  'otp {719 352} came; the PUK is {48120937}',
  '{1357} is my pin',
  'PIN of 4 digits, otp after 4500 naira, pin since 2024, puk ref 7719, OTP sent to 32811',
]);

finds(
  'ids',
  [id()],
  [
    'Transaction no. {TXN2026112500918}, RRN {632908114257}',
    'customer ID {BJN-C-0048122073}; meter {4502 1837 465}',
    'passport {A01234567}, SSN {078-05-1120}',
    '{550e8400-e29b-41d4-a716-446655440000}',
    'ref 48213, ref 7K3M9-QX2TA-W, ticket 90417, error 0x80072EE2',
  ],
);

finds(
  'handles',
  [handle()],
  [
    '{@ada_obi} {@matthew_x} @MTNNG @GloWorld @BeejanCares @acme_help',
    'my IG is {ada.obi}, Telegram: {kelechi_x21}, snap: {@ada_obi9}',
    'instagram is down, t.me/{adaobi}',
  ],
);

finds(
  'names',
  [name()],
  [
    'My name is {Adaeze Nwosu}. sunana {Musa}, oruko mi ni {Adebayo Alabi}, aha m bu {Obinna}',
    'my name is {chidi okeke} and my name is spelt wrongly',
    'Na me be {Papilo Uche}, I be {Saviour}',
    'Cust Alh. {Ibrahim Danladi}; Mrs {Ngozi Okafor}; mr {bello} said',
    'Regards,\n{Tamuno George}',
    'From: {Gbenga Ladipo}\nTo: us',
    'Deliver to: {Yetunde Bakare}',
    'I am {Sunday Friday Effiong}',
    'I am Nigerian. This is Sunday. This is Lagos. I am Tired. I AM STRANDED. I am Acme.',
    "from: Mushin to: Oyingbo. Regards,\nA loyal customer. Behind Mr Bigg's.",
    'Dear Customer Care Manager, customer ID, plan name: Flex',
  ],
);

finds(
  'addresses',
  [address()],
  [
    'at {12 Adeola Odeku Street, off Ahmadu Bello Way}, Lagos',
    'to {No 4, Unity Close} and {Flat 3, Block B, Palm Court Estate} Ajah',
    '{Suite 14, 2nd Floor, 60 Abak Road} or {House 31, Road 204}',
    'come {27 ekenwan road} benin',
    '{482 Maple Street, Apt 5B}, MD',
    'Km 14 Lekki-Epe Expressway, 1004 Estate, Allen Avenue, 3 days on Aba road, Block 5 for my hostel',
    '20 minutes drive, 2 tickets close',
  ],
);
