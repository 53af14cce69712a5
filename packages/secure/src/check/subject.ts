import type { Finding } from '@docker-mtls/errors';
import type { ProofOrder } from '@docker-mtls/proof';
import type { Place } from '../proof/proof-places.ts';

/** What `check` is about. */
export type CheckSubjects = {
  readonly subjects: readonly [CheckSubject, ...CheckSubject[]];
  /** Engines of this machine that are not proven, and why: clauses. */
  readonly unchecked: readonly string[];
};

/** What is to be proven, and where. */
export type CheckSubject = {
  /** The engine, for people. */
  readonly engine: string;
  readonly places: readonly Place[];
  /** Names that lead nowhere, as `NAME:PORT`. */
  readonly unresolved: readonly string[];
  readonly order: Omit<ProofOrder, 'targets'>;
  /** What the files of an engine on this machine say. */
  readonly files: readonly Finding[];
};
