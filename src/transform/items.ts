import type { CountryCode } from 'libphonenumber-js/max';
import type { AlignedV1 } from '../complaint/aligned.js';
import type { Entities } from '../complaint/entities.js';
import type { Complaint, Routing } from '../complaint/gold.js';
import type { Prediction } from '../complaint/prediction.js';
import type { StagingRecord } from '../staging/record.js';
import type { Labelled } from './steps/classify.js';

/** What an item carries after each step; a step adds to the one before. */
export type Received = { readonly id: string; readonly record: StagingRecord };
export type Opened = Received & { readonly bytes: Buffer };
export type Aligned = Opened & {
  readonly aligned: AlignedV1;
  readonly region: CountryCode;
  readonly zone: string;
  readonly own: readonly string[];
};
export type Readable = Aligned & {
  readonly text: string;
  readonly entities: Entities;
  readonly customer?: string;
};
/** What earlier runs left for this record: a prediction that still holds, a decision that stands. */
export type Remembered = Readable & { readonly textHash: string; readonly earlier?: Prediction };
export type Transformed = Remembered & Labelled & { readonly routing: Routing };

export type EarlierRecord = Pick<Complaint, '_id' | 'prediction' | 'routing' | 'occurredAt'>;
