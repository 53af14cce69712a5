import type { DaemonConfigPlan, DropInPlan } from '@docker-mtls/daemon-config';
import type { Container } from './engine-state.ts';
import type { LocalEngine } from './local-engine.ts';

/** What became of daemon.json and of the engine, or what would. */
export type DaemonOutcome = {
  readonly config: string;
  readonly plan: DaemonConfigPlan;
  readonly diff: string;
  readonly written: boolean;
  readonly backup?: string;
  readonly engine: LocalEngine;
  /** What the engine's own check said, in a sentence. */
  readonly check: string;
  /** What the service manager's drop-in becomes; absent where none runs the engine. */
  readonly dropIn?: DropInPlan;
  /** Throws `HOST_CUTS_OFF` where the plan cuts somebody off and that was not asked for. */
  readonly refuseCutOff?: () => Promise<void>;
  /** What became of the engine, when it was to be restarted. */
  readonly applied?: Applied;
};

export type Applied = {
  readonly restarted: boolean;
  readonly stopped: readonly Container[];
  /** Does its swarm wait for the unlock key now? */
  readonly isSwarmLocked: boolean;
};

/** Is there anything in daemon.json or the unit that becomes another? */
export function isChange({ plan, dropIn }: DaemonOutcome): boolean {
  return plan.changes.length > 0 || dropIn?.before !== dropIn?.after;
}
