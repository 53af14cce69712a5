import { uniqueSubjectAltNames } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import type { PairOrder } from './issue-pair.ts';

/**
 * The order of a pair that replaces a former one: it keeps that one's names and groups, which an earlier command may
 * have been given and this one not.
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
