import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText } from '../../src/transform/steps/clean.js';
import { withoutTrail } from '../../src/transform/steps/trail.js';

const OWN = 'My fibre in Lekki is down since Monday.\nPlease send somebody.';

describe('what a mail program puts around a message', () => {
  it.each([
    [
      'a reply',
      `${OWN}\n\nOn Mon, 23 Nov 2026 at 09:12, Beejan Care <care@example.com> wrote:\n> Dear customer,\n> we work on it`,
    ],
    [
      'a reply of Outlook',
      `${OWN}\n\n________________________________\nFrom: Beejan Care\nSent: Monday, 23 November 2026\nTo: Ada\nSubject: RE: down\n\nDear customer`,
    ],
    [
      'a reply with a block of addresses',
      `${OWN}\n\nFrom: Beejan Care\nSent: Monday\nTo: Ada\nSubject: RE\n\nDear customer`,
    ],
    ['an original message', `${OWN}\n-----Original Message-----\nFrom: care\nhello`],
    ['quoted lines', `> Dear Ada,\n> is it up again?\n${OWN}`],
    ['a signature', `${OWN}\n--\nAda Obi\nHead of Sales, Example Ltd`],
    ['a phone', `${OWN}\n\nSent from my iPhone`],
    ['another phone', `${OWN}\nSent from my Samsung Galaxy smartphone.`],
    ['an app', `${OWN}\nGet Outlook for Android`],
    [
      'lawyers',
      `${OWN}\n\nThis e-mail and any attachments are confidential and intended only for the addressee.\nIf you are not`,
    ],
    [
      'a forward',
      `---------- Forwarded message ---------\nFrom: Ada <ada@example.com>\nDate: Mon, 23 Nov 2026\nSubject: Fwd: down\nTo: care\n\n${OWN}`,
    ],
    ['a note and a forward', `${OWN}\n\n---------- Forwarded message ---------\nFrom: x\nDate: y\n\n-- \n`],
  ])('goes: %s', (_, text) => expect(cleanText(text)).toBe(OWN));

  it.each([
    ['one line', 'Sent from my iPhone'],
    ['only a quotation', '> my line is barred\n> since Friday'],
    ['a sign of more', 'No network\n> 3 days now'],
    [
      'a first line that looks like a mark',
      'On Monday your agent wrote:\nI will be there at ten. He was not.',
    ],
    ['a line of dashes in a list', 'First: no data\n--\nSecond: no calls\n1\n2\n3\n4\n5\n6\n7\n8\n9'],
    ['who is meant', 'From: Lekki\nmy line is bad'],
  ])('stays: %s', (_, text) => expect(cleanText(text)).toBe(text));

  it('keeps the words a customer put below what he forwards', () =>
    expect(
      cleanText(
        `See below, no answer for a week!\n\nBegin forwarded message:\n\nFrom: Ada\nSubject: bill\n\nYou billed me twice.`,
      ),
    ).toBe('See below, no answer for a week!\n\nYou billed me twice.'));

  it('is the same when it is done again, and only whole lines are gone', () => {
    const line = fc.constantFrom(
      ...[
        '',
        '--',
        '> quoted words',
        'On Monday Ada wrote:',
        'From: a',
        'Sent: b',
        'To: c',
        'Sent from my phone',
        '________',
      ],
      ...[
        'my network is bad',
        'call me',
        '-----Original Message-----',
        'Begin forwarded message:',
        'Disclaimer: x',
      ],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = cleanText(lines.join('\n'));
        expect(cleanText(text)).toBe(text);
        const given = new Set(['', ...lines]);
        for (const left of withoutTrail(lines.join('\n')).split('\n')) expect(given).toContain(left);
      }),
      { numRuns: 2_000 },
    );
  });
});
