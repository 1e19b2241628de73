import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Labeller, loadLabeller } from '../../../src/inference/labeller.js';
import { TRANSFORMER_DIR } from '../support/transformer-dir.js';

let labeller: Labeller;
beforeAll(async () => {
  labeller = await loadLabeller(TRANSFORMER_DIR);
});

const THANKS =
  'Thank you so much for your excellent service over the years. Your staff in Ikeja are always kind and helpful. My family and I are happy customers since 2012.';
const DEAD = 'Since last Friday the fibre is dead and nobody picks the phone.';

async function said(text: string) {
  const [answer] = await labeller.label([text]);
  if (!answer?.ok) throw new Error(answer?.reason);
  const { negative, heads } = answer.prediction;
  return { negative, unsure: heads.sentiment.abstained || heads.complaint.abstained };
}

describe('a letter that is polite but for one sentence', () => {
  it.each([
    ['at its end', `${THANKS} ${DEAD}`],
    ['at its beginning', `${DEAD} ${THANKS}`],
    ['far behind', `${THANKS} ${THANKS} ${DEAD}`],
  ])('goes to a person, where it is not negative as a whole: %s', async (_, text) => {
    const { negative, unsure } = await said(text);
    expect(negative || unsure).toBe(true);
  });

  it('is negative without the politeness, and nobody is asked about thanks alone', async () => {
    expect(await said(DEAD)).toEqual({ negative: true, unsure: false });
    expect(await said(THANKS)).toEqual({ negative: false, unsure: false });
  });
});
