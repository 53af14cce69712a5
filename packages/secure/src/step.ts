import type { EngineHost } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import type { DaemonOutcome } from '@docker-mtls/engine';
import type { Proved } from './proof/proof-step.ts';
import type { Why } from './why-issue.ts';

/** One thing that was seen to, or that a plan would see to (`planned`). */
export type Step = CaStep | PairStep | DaemonStep | BundleStep | ProofStep;

export type CaStep =
  | { readonly step: 'ca'; readonly outcome: 'kept' | 'planned'; readonly directory: string }
  | {
      readonly step: 'ca';
      readonly outcome: 'made';
      readonly directory: string;
      readonly isEncrypted: boolean;
    };

type Pair = { readonly step: 'server' | 'client'; readonly name: string };

export type PairStep = Pair &
  (
    | { readonly outcome: 'kept'; readonly notAfter: Date }
    | { readonly outcome: 'planned'; readonly why: Why }
    | { readonly outcome: 'made'; readonly notAfter: Date; readonly why: Why }
  );

export type DaemonStep = {
  readonly step: 'daemon-config';
  readonly outcome: 'made' | 'kept';
  readonly daemon: DaemonOutcome;
};

export type BundleStep = {
  readonly step: 'bundle';
  /** `not written`: another file has the name of the archive. */
  readonly outcome: 'made' | 'kept' | 'not written';
  readonly client: Entry;
  readonly file: string;
  /** Does the archive know its engine? */
  readonly isFolder: boolean;
  /** The engines that it is for. */
  readonly hosts: readonly EngineHost[];
};

export type ProofStep = Proved['step'];

/** What became of daemon.json. */
export function daemonStep(daemon: DaemonOutcome): DaemonStep {
  return { step: 'daemon-config', outcome: daemon.written ? 'made' : 'kept', daemon };
}
