import { undoDaemonConfig } from '@docker-mtls/daemon-config';
import type { UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import type { HostService } from './host-unit.ts';
import type { UndoPlan } from './plan-undo.ts';
import { putDropIn } from './write-host.ts';
import type { FileChange } from './write-host.ts';

/** The change of files that an undo is: daemon.json first, so that the drop-in covers it as long as it is needed. */
export function undoChange(
  unit: HostService,
  plan: UndoPlan,
  how: { readonly now: Date; readonly force: boolean },
): FileChange<UndoneDaemonConfig> {
  const { config, dropIn } = plan;
  const isOfDropInAlone = plan.outcome === 'untouched';
  return {
    unit,
    config,
    paths: dropIn === undefined ? [config] : [config, dropIn.path],
    liveRestore: false,
    after: plan.after,
    isUndo: true,
    write: async () => {
      // That retires the record, too: where the drop-in is all that changed, it comes after that.
      const first = isOfDropInAlone ? undefined : undoRecord(plan, how);
      if (dropIn !== undefined) await putDropIn(unit, dropIn);
      return first ?? undoRecord(plan, how);
    },
  };
}

/** Takes the files of one change back. */
export function undoRecord(
  { config, outcome, isOnRecord }: UndoPlan,
  how: { readonly now: Date; readonly force: boolean },
): UndoneDaemonConfig {
  return isOnRecord ? undoDaemonConfig(config, how) : { path: config, outcome };
}
