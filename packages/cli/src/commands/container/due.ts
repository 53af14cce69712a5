import { validityState } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { moment } from '@docker-mtls/text';
import type { Why } from '../secure/pair-steps.ts';
import { whyIssue } from '../secure/wanted.ts';

/** Why a pair has to be issued: it is missing or will not do, or it is time for a new one, if the CA has more time to give. */
export function whyDue(ca: Pick<Entry, 'notAfter'> | undefined): Why {
  return (order, entry, now) => {
    const why = whyIssue(order, entry, now);
    if (why !== undefined || entry === undefined) return why;
    const endsWithCa = ca !== undefined && entry.notAfter >= ca.notAfter;
    return validityState(entry, now) === 'due' && !endsWithCa
      ? `the old one ends ${moment(entry.notAfter)}`
      : undefined;
  };
}
