import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referenceOf } from '../../../src/complaint/reference.js';
import { read } from './context.js';

describe('references', () => {
  it('finds ours in any case, with its dashes anywhere, without them after a cue', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const ours = referenceOf(id);
        expect(read(`any news of ${ours.toLowerCase()}?`).references).toEqual([ours]);
        expect(read(`ticket ${ours.replaceAll('-', '')} still open`).references).toEqual([ours]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes none with a wrong check character', () => {
    const ours = referenceOf('a');
    const wrong = ours.slice(0, -1) + (ours.endsWith('7') ? '8' : '7');
    expect(read(`my ticket ${wrong} is open, see ${wrong}`).references).toEqual([]);
  });

  it.each([
    ['Ticket 4471920. Nobody called', ['4471920']],
    ['tkt BJ-558102 open', ['BJ-558102']],
    ['complaint no. VAS/0098', ['VAS/0098']],
    ['ref: 88213', ['88213']],
    ['Reference number is INC0012345 and case id #20931', ['INC0012345', '20931']],
    ['ticket of 12/11/2026', []],
    ['my case for 3 days', []],
    ['ticket NR1TC9A0YQ0 still open', ['NR1TC-9A0YQ-0']],
    ['ticket no48213 please', ['48213']],
    ['order 77120', []],
    ['referee 12345', []],
    ['case [PHONE]', []],
  ])('%j: %j', (text, found) => expect(read(text).references).toEqual(found));
});
