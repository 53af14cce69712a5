import { uniqueSubjectAltNames } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/store';
import type { PairOrder } from './issue-pair.ts';

/**
 * The order of a pair that takes a former one's place. It takes no name and no group away: the run before may have been
 * told of it, and this one not.
 */
export function withFormerNames(order: PairOrder, former: Entry | undefined): PairOrder {
  if (former === undefined) return order;
  const { sans, subject } = former.certificate().info;
  return {
    ...order,
    sans: uniqueSubjectAltNames([...sans, ...order.sans]),
    groups: [...new Set([...subject.organizationalUnits, ...order.groups])],
  };
}
