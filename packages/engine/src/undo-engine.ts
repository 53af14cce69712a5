import type { UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { refuseGonePlugin } from './authorization/forget-plugin.ts';
import { changeTools } from './caller.ts';
import type { EngineCaller } from './caller.ts';
import { changeEngine } from './change-engine.ts';
import type { ChangeTools } from './change-engine.ts';
import type { Applied } from './engine-outcome.ts';
import type { HostService } from './host-unit.ts';
import type { LocalEngine } from './local-engine.ts';
import { planUndo } from './plan-undo.ts';
import type { UndoPlan } from './plan-undo.ts';
import { isSameFile } from './same-file.ts';
import {
  dropInFolder,
  noSystemd,
  readService,
  requireRoot,
  takeBackInterrupted,
  withEngineLock,
} from './this-host.ts';
import { undoChange, undoRecord } from './undo-change.ts';
import { changeFiles, writeDropIn } from './write-host.ts';

export type UndoOrder = {
  readonly engine: LocalEngine;
  /** Undo even if daemon.json was edited since? */
  readonly force: boolean;
};

export type UndoOutcome =
  /** The newest change had been interrupted: it was taken back, and that was all. */
  | { readonly kind: 'recovered'; readonly message: string; readonly isActive: boolean }
  | {
      readonly kind: 'undone';
      readonly plan: UndoPlan;
      readonly done: UndoneDaemonConfig;
      /** Absent where nothing was restarted. */
      readonly applied?: Applied;
    };

/** Plans the undo of the newest change; nothing is written. Throws `DAEMON_CONFIG_…`, and `HOST_PLUGIN_GONE`. */
export async function planEngineUndo(order: UndoOrder): Promise<UndoPlan> {
  return planFor(order, await readService(order.engine));
}

/**
 * Takes the newest change back; with `restart`, in the running engine too. It needs no unit that can be understood, nor
 * one that is still there. An undo that was interrupted is finished; any other interrupted change is what is taken back.
 */
export async function undoEngine(
  order: UndoOrder,
  caller: EngineCaller,
  restart?: Pick<ChangeTools, 'quorum' | 'swarmLock'>,
): Promise<UndoOutcome> {
  const { engine } = order;
  const service = await readService(engine);
  if (service === undefined && restart !== undefined) throw noSystemd(engine);
  if (service === undefined) return undoFiles(order, caller);
  return withEngineLock(service, caller, async () => {
    const recovered = await takeBackInterrupted(service, engine.config, caller, order.force);
    const now = (await readService(engine)) ?? service;
    if (recovered !== undefined && !recovered.wasUndo)
      return { kind: 'recovered', message: recovered.message, isActive: now.isActive };
    return undoOnHost(now, order, { caller, restart });
  });
}

function planFor({ engine, force }: UndoOrder, service: HostService | undefined): UndoPlan {
  const { config } = engine;
  const read = service?.config;
  const isRead = read === undefined || isSameFile(read, config);
  const plan = planUndo({ config, folder: service?.folder ?? dropInFolder(engine), isRead, force });
  if (service !== undefined && !service.scope.isRootless) refuseGonePlugin(plan);
  return plan;
}

function undoFiles(order: UndoOrder, { now }: EngineCaller): UndoOutcome {
  const plan = planFor(order, undefined);
  requireRoot(order.engine);
  const done = undoRecord(plan, { now: now(), force: order.force });
  if (plan.dropIn !== undefined) writeDropIn(plan.dropIn.path, plan.dropIn.after);
  return { kind: 'undone', plan, done };
}

type How = {
  readonly caller: EngineCaller;
  readonly restart: Pick<ChangeTools, 'quorum' | 'swarmLock'> | undefined;
};

async function undoOnHost(
  service: HostService,
  order: UndoOrder,
  { caller, restart }: How,
): Promise<UndoOutcome> {
  const plan = planFor(order, service);
  const change = undoChange(service, plan, { now: caller.now(), force: order.force });
  // A package that was removed has left nothing that could be restarted.
  if (restart === undefined || !service.isLoaded)
    return { kind: 'undone', plan, done: await changeFiles(change) };
  const tools = changeTools({ ...restart, prove: enough }, caller);
  const { written, ...rest } = await changeEngine(change, tools);
  return { kind: 'undone', plan, done: written, applied: { restarted: true, ...rest } };
}

/** Whether it answers on its local socket was asked already, and whom else it served before is not known. */
async function enough(): ReturnType<ChangeTools['prove']> {
  return { ok: true, why: '' };
}
