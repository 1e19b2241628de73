import { describe, expect, it } from '@jest/globals';
import { read } from './context.js';

describe('competitors', () => {
  it.each([
    ['MTN and Glo are better', ['MTN', 'Glo']],
    ['@AirtelNigeria fix this', ['Airtel']],
    ['AirtelUg una no try', ['Airtel']],
    ['I use Smile network at home', ['Smile']],
    ['you made me smile today, in orange', []],
    ['@gloryada said so', []],
    ['Beejan', []],
  ])('%j: %j', (text, found) => expect(read(text).competitors).toEqual(found));

  it('leave out the operator that runs this', () =>
    expect(read('MTN is down, Glo works', { own: ['mtn', '@mtnng'] }).competitors).toEqual(['Glo']));
});
