import type { PolicyRequest } from '../decide/request.ts';
import type { GuardName } from '../guards.ts';

/** A request, and what has to come of it. */
export type PolicyCase = {
  readonly about: string;
  /** The line of the file on which its entry begins, from 1. */
  readonly line: number;
  /** Which of the entry's requests it is, as far as an entry has several: its request line, and the number of its body. */
  readonly variant: string;
  readonly request: PolicyRequest;
  /** The engine does not answer about objects that are not in `found`. */
  readonly unanswered: boolean;
  readonly expected: 'allow' | 'deny';
  /** The guard that has to deny it. */
  readonly guard: GuardName | undefined;
};
