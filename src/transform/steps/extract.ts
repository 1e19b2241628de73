import type { Customer } from '../../complaint/aligned.js';
import type { Entities } from '../../complaint/entities.js';
import { entitiesOf } from '../entities/index.js';
import { each, type Step } from '../step.js';

type In = {
  readonly text: string;
  readonly aligned: { readonly occurredAt: Date; readonly customer: Customer };
  readonly zone: string;
  readonly own: readonly string[];
};

/** Adds what the text says beside its labels. Behind redaction, so that nothing private can be in it. */
export function extract<T extends In>(): Step<T, T & { entities: Entities }> {
  return each(function extract(item) {
    const { occurredAt, customer } = item.aligned;
    const author = customer.handle === undefined ? {} : { author: { handle: customer.handle } };
    const { zone, own } = item;
    return { ...item, entities: entitiesOf(item.text, { occurredAt, zone, own, ...author }) };
  });
}
