import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Complaint } from '../../../src/complaint/gold.js';
import { unmark } from '../../../src/governance/privacy/evaluate.js';
import { modelsDir, packageRoot } from '../../../src/paths.js';
import { envelope } from '../../staging/envelopes.js';
import type { TestPipeline } from '../../support/pipeline.js';

export const GOLDEN = join(packageRoot, 'test/transform/golden/complaints.jsonl');
/** Wednesday, 11:00 in Lagos. */
const OCCURRED_AT = '2020-01-15T10:00:00Z';

const lines = (file: string): { id?: string; text: string; customer?: object }[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));

/** A hundred messages of the project's own: written posts, SMS, forms and API bodies, and some full of personal data. */
export function messages(): { id: string; text: string; customer: object }[] {
  const demo = ['x', 'sms', 'form', 'api'].flatMap((feed) =>
    lines(join(packageRoot, 'demo/data', `${feed}.jsonl`)).slice(0, 15),
  );
  const privacy = lines(join(modelsDir, 'evaluation/privacy/messages.jsonl'))
    .filter((_, i) => i % 10 === 0)
    .map((line) => ({ ...line, text: unmark(line.text).text }));
  return [...demo, ...privacy].map(({ text, customer = {} }, i) => ({ id: `g${i}`, text, customer }));
}

/** What gold says of each, from the door on; without labels, which have figures instead. */
export async function golden(pipeline: TestPipeline): Promise<object[]> {
  const all = messages();
  const envelopes = all.map(({ id, text, customer }) => ({
    ...envelope(text, id),
    raw: Buffer.from(JSON.stringify({ text, customer, occurredAt: OCCURRED_AT })),
  }));
  const { outcomes } = await pipeline.accept(envelopes);
  await pipeline.transformAll();
  const gold = await Promise.all(outcomes.map((o) => pipeline.gold.get(o.id)));
  return gold.map((complaint, i) => ({ raw: all[i]?.text, ...shown(complaint) }));
}

function shown(complaint: Complaint | null): object {
  if (!complaint?.entities) throw new Error('a message did not come to gold');
  const { text, entities, customer } = complaint;
  const said = Object.entries(entities).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return { text, known: customer !== undefined, ...Object.fromEntries(said) };
}
