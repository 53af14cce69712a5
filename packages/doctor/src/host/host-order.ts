import type { Certificate } from '@docker-mtls/ca';
import type { LocalEngine } from '@docker-mtls/engine';
import type { PairPem } from '@docker-mtls/proof';
import type { ClientCredentials } from '../address/order.ts';
import type { FoundFinding } from '../found.ts';

/** This machine's engines, which are to be looked at. */
export type HostOrder = {
  readonly engine: LocalEngine;
  /** A client that the engine is to accept, where there is one on this machine. */
  readonly client?: ClientCredentials | undefined;
  /** The CAs whose clients the engine is to accept, where the CA is on this machine. */
  readonly roots?: readonly Certificate[] | undefined;
  readonly stranger: PairPem;
  readonly patienceMs: number;
  readonly now: () => Date;
};

export type ExaminedHost = {
  readonly found: readonly FoundFinding[];
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
};
