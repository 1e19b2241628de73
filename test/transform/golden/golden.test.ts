import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { testPipeline } from '../../support/pipeline.js';
import { GOLDEN, golden } from './complaints.js';

// Read line by line when it was written. Known to be wrong: "on Saturday" of a journey to come (Mokwa), and "on Monday" of a
// visit (wedding), are taken for the day on which a trouble began.
it('makes of a hundred messages, from the door to gold, what it made when somebody last read them', async () => {
  const pipeline = await testPipeline();
  try {
    const found = JSON.parse(JSON.stringify(await golden(pipeline)));
    const kept = readFileSync(GOLDEN, 'utf8').trim().split('\n');
    expect(kept).toHaveLength(100);
    for (const [i, line] of kept.entries()) expect(found[i]).toEqual(JSON.parse(line));
  } finally {
    await pipeline.close();
  }
});
