/** Writes the golden file anew, to be read line by line before it is committed: `node dist/test/transform/golden/write.js`. */
import { writeFileSync } from 'node:fs';
import setup from '../../support/global-setup.js';
import teardown from '../../support/global-teardown.js';
import { testPipeline } from '../../support/pipeline.js';
import { GOLDEN, golden } from './complaints.js';

await setup();
const pipeline = await testPipeline();
const all = await golden(pipeline);
writeFileSync(GOLDEN, `${all.map((line) => JSON.stringify(line)).join('\n')}\n`);
await pipeline.close();
await teardown();
