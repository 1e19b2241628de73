import { ApiError, isObject } from './arguments.js';

/** Slack's documented limits; blocksChars is the undocumented total that public reports measured. */
export const SLACK_LIMITS = {
  blocks: 50,
  blocksChars: 13_200,
  headerChars: 150,
  sectionChars: 3_000,
  fields: 10,
  fieldChars: 2_000,
  contextElements: 10,
  actionElements: 25,
  buttonTextChars: 75,
  buttonValueChars: 2_000,
  urlChars: 3_000,
  idChars: 255,
  options: 100,
  optionTextChars: 75,
  textChars: 40_000,
  updateTextChars: 4_000,
  markdownTextChars: 12_000,
  attachments: 100,
  metadataChars: 16_000,
} as const;

const L = SLACK_LIMITS;

function wrong(path: string, problem: string): never {
  throw new ApiError('invalid_blocks', [`[ERROR] ${problem} [json-pointer:${path}]`]);
}

function checkString(value: unknown, path: string, max: number): void {
  if (typeof value !== 'string' || value === '') wrong(path, 'must be a string of 1 or more characters');
  if (value.length > max) wrong(path, `must be less than ${max + 1} characters`);
}

function checkText(value: unknown, path: string, max: number, plainOnly = false): void {
  if (!isObject(value)) wrong(path, 'missing text object');
  if (value.type !== 'plain_text' && (plainOnly || value.type !== 'mrkdwn'))
    wrong(path, 'unsupported text type');
  if (value.verbatim !== undefined && value.type !== 'mrkdwn') wrong(path, 'verbatim is for mrkdwn only');
  if (value.emoji !== undefined && value.type !== 'plain_text') wrong(path, 'emoji is for plain_text only');
  checkString(value.text, `${path}/text`, max);
}

function checkList(value: unknown, path: string, max: number): unknown[] {
  if (!Array.isArray(value) || value.length === 0) wrong(path, 'must have 1 or more items');
  if (value.length > max) wrong(path, `no more than ${max} items allowed`);
  return value;
}

function checkElement(value: unknown, path: string): void {
  if (!isObject(value) || typeof value.type !== 'string') wrong(path, 'missing element type');
  if (value.action_id !== undefined) checkString(value.action_id, `${path}/action_id`, L.idChars);
  if (value.type === 'button') {
    checkText(value.text, `${path}/text`, L.buttonTextChars, true);
    if (value.value !== undefined) checkString(value.value, `${path}/value`, L.buttonValueChars);
    if (value.url !== undefined) checkString(value.url, `${path}/url`, L.urlChars);
  }
  if (value.type === 'static_select')
    for (const [i, option] of checkList(value.options, `${path}/options`, L.options).entries()) {
      const at = `${path}/options/${i}`;
      if (!isObject(option)) wrong(at, 'missing option');
      checkText(option.text, `${at}/text`, L.optionTextChars);
      checkString(option.value, `${at}/value`, L.optionTextChars);
    }
}

const CHECKS: Record<string, (block: Record<string, unknown>, path: string) => void> = {
  header: (block, path) => checkText(block.text, `${path}/text`, L.headerChars, true),
  section: (block, path) => {
    if (block.text === undefined && block.fields === undefined) wrong(path, 'text or fields is required');
    if (block.text !== undefined) checkText(block.text, `${path}/text`, L.sectionChars);
    if (block.fields !== undefined)
      for (const [i, field] of checkList(block.fields, `${path}/fields`, L.fields).entries())
        checkText(field, `${path}/fields/${i}`, L.fieldChars);
    if (block.accessory !== undefined) checkElement(block.accessory, `${path}/accessory`);
  },
  context: (block, path) => {
    for (const [i, part] of checkList(block.elements, `${path}/elements`, L.contextElements).entries())
      if (!isObject(part) || part.type !== 'image') checkText(part, `${path}/elements/${i}`, L.sectionChars);
  },
  actions: (block, path) => {
    for (const [i, part] of checkList(block.elements, `${path}/elements`, L.actionElements).entries())
      checkElement(part, `${path}/elements/${i}`);
  },
  divider: () => {},
  image: (block, path) => checkString(block.image_url, `${path}/image_url`, L.urlChars),
  rich_text: (block, path) => void checkList(block.elements, `${path}/elements`, 1_000),
};

/** Throws `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`. */
export function checkBlocks(blocks: unknown): readonly unknown[] {
  if (!Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  if (blocks.length > L.blocks) wrong('/blocks', `no more than ${L.blocks} items allowed`);
  const ids = new Set<unknown>();
  for (const [i, block] of blocks.entries()) {
    const path = `/blocks/${i}`;
    const check = isObject(block) && typeof block.type === 'string' ? CHECKS[block.type] : undefined;
    if (check === undefined) wrong(path, 'unsupported block type');
    check(block, path);
    if (block.block_id === undefined) continue;
    checkString(block.block_id, `${path}/block_id`, L.idChars);
    if (ids.has(block.block_id)) wrong(`${path}/block_id`, 'block_id already exists');
    ids.add(block.block_id);
  }
  if (JSON.stringify(blocks).length > L.blocksChars) throw new ApiError('msg_blocks_too_long');
  return blocks;
}

export type Metadata = {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
};

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const isFlat = (value: unknown): boolean =>
  isScalar(value) || (isObject(value) && Object.values(value).every(isScalar));

/** Throws `invalid_metadata_format`, `invalid_metadata_schema` or `metadata_too_large`. */
export function checkMetadata(value: unknown): Metadata {
  if (!isObject(value)) throw new ApiError('invalid_metadata_format');
  const { event_type, event_payload } = value;
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload))
    throw new ApiError('invalid_metadata_schema');
  for (const item of Object.values(event_payload))
    if (!isFlat(item) && !(Array.isArray(item) && item.every(isFlat)))
      throw new ApiError('invalid_metadata_schema');
  if (JSON.stringify(value).length > L.metadataChars) throw new ApiError('metadata_too_large');
  return { event_type, event_payload };
}
