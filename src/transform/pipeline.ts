import type { Inference } from '../inference/port.js';
import type { Lane } from '../staging/record.js';
import type { Cipher } from '../governance/cipher.js';
import type { Desk } from '../routing/decide.js';
import type { EarlierRecord, Received } from './items.js';
import { pipeline } from './step.js';
import { align, type FeedOf } from './steps/align.js';
import { classify } from './steps/classify.js';
import { clean } from './steps/clean.js';
import { extract } from './steps/extract.js';
import { identify } from './steps/identify.js';
import { open } from './steps/open.js';
import { redact } from './steps/redact.js';
import { remember } from './steps/remember.js';
import { route } from './steps/route.js';

/** Raised when a step changes what gold holds for the same raw piece and settings. */
export const PIPELINE_VERSION = 2;

export type PipelineDeps = {
  readonly cipher: Cipher;
  readonly feedOf: FeedOf;
  readonly earlier: (ids: readonly string[]) => Promise<EarlierRecord[]>;
  readonly inference: Inference;
  readonly desk: () => Desk;
  readonly now: () => Date;
};

/** The way from a staged raw piece to what gold keeps, in order. */
export const complaintPipeline = (deps: PipelineDeps, lane: Lane) =>
  pipeline<Received>()
    .pipe(open(deps.cipher))
    .pipe(align(deps.feedOf))
    .pipe(clean())
    .pipe(identify(deps.cipher))
    .pipe(redact())
    .pipe(extract())
    .pipe(remember(deps.earlier, deps.inference.model.weightsHash))
    .pipe(classify(deps.inference, lane))
    .pipe(route(deps.desk, deps.feedOf, deps.now));
