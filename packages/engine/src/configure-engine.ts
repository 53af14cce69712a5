import { applyDaemonConfig } from '@docker-mtls/daemon-config';
import { changeTools } from './caller.ts';
import type { EngineCaller } from './caller.ts';
import { changeEngine } from './change-engine.ts';
import type { ChangeTools } from './change-engine.ts';
import { refuseDesktop } from './docker-desktop.ts';
import type { DaemonOutcome } from './engine-outcome.ts';
import type { HostUnit } from './host-unit.ts';
import type { PairChange } from './kept-pair.ts';
import { refuseInContainer } from './in-container.ts';
import { changesSomething } from './plan-host.ts';
import { refuseUnsafe } from './refuse-unsafe.ts';
import type { ConfigurationOrder } from './configuration-order.ts';
import { planOutcome } from './plan-outcome.ts';
import type { HostOutcome } from './plan-outcome.ts';
import { refuseOutsideSnap } from './snap.ts';
import {
  freshUnit,
  noSystemd,
  requireRoot,
  takeBackInterrupted,
  unitToChange,
  withEngineLock,
} from './this-host.ts';
import { withUnwritable } from './unwritable.ts';
import { changeFiles, planChange } from './write-host.ts';

/** How the engine is restarted: who proves it, and whether its swarm may lose its quorum meanwhile. */
export type RestartOrder = Pick<ChangeTools, 'prove' | 'quorum' | 'swarmLock'> & {
  /** The server's new pair, where the engine serves with an earlier one: it comes with the change, or not at all. */
  readonly pair?: PairChange;
};

/**
 * Plans daemon.json, and where systemd runs the engine the drop-in that goes with it, and has the engine's own program
 * check the plan where it can. Nothing is written. With a caller, the plan is
 * one that is to be carried out: it waits for another docker-mtls that is changing this engine, and is refused where it
 * cuts somebody off.
 */
export async function planEngine(order: ConfigurationOrder, caller?: EngineCaller): Promise<DaemonOutcome> {
  const unit = await unitFor(order);
  if (caller === undefined) return withUnwritable((await planOutcome(order, unit)).outcome);
  if (unit === undefined) {
    const planned = await planOutcome(order, unit);
    requireRoot(order.engine);
    return accepted(order, planned);
  }
  return withEngineLock(unit, caller, async () =>
    accepted(order, await planOutcome(order, await freshUnit(unit))),
  );
}

/** Plans the same and puts it in place. The engine goes on as it was until it is restarted. */
export async function configureEngine(
  order: ConfigurationOrder,
  caller: EngineCaller,
): Promise<DaemonOutcome> {
  const unit = await unitFor(order);
  if (unit === undefined) return writeFile(order, caller);
  return withPlan(order, { unit, caller }, async ({ fresh, plan, outcome }) => {
    if (!changesSomething(plan)) return outcome;
    const { config } = order.engine;
    const { backup } = await changeFiles(planChange(fresh, plan, { config, now: caller.now() }));
    return { ...outcome, written: true, ...(backup !== undefined && { backup }) };
  });
}

/** The same, and has the engine restarted and proven; or puts everything back. Throws `HOST_…`. */
export async function applyEngine(
  order: ConfigurationOrder,
  { pair, ...restart }: RestartOrder,
  caller: EngineCaller,
): Promise<DaemonOutcome> {
  const unit = await unitFor(order);
  if (unit === undefined) throw noSystemd(order.engine);
  return withPlan(order, { unit, caller }, async ({ fresh, plan, outcome }) => {
    const changes = changesSomething(plan);
    if (!changes && pair === undefined && (await restart.prove()).ok)
      return { ...outcome, applied: { restarted: false, stopped: [], isSwarmLocked: false } };
    const { config } = order.engine;
    const change = { ...planChange(fresh, plan, { config, now: caller.now() }), ...(pair && { pair }) };
    const { written, ...rest } = await changeEngine(change, changeTools(restart, caller));
    const { backup } = written;
    const applied = { restarted: true, ...rest };
    return { ...outcome, written: changes, ...(backup !== undefined && { backup }), applied };
  });
}

/** What may be carried out. Throws `HOST_CUTS_OFF`, and `FILE_UNSAFE`. */
async function accepted(
  order: ConfigurationOrder,
  { outcome }: Pick<HostOutcome, 'outcome'>,
): Promise<DaemonOutcome> {
  const { certificates, certsDirectory, engine, refusesUnsafe } = order;
  if (refusesUnsafe === true)
    refuseUnsafe({
      config: engine.config,
      text: outcome.plan.after,
      certsDirectory: certificates === 'elsewhere' ? undefined : certsDirectory,
    });
  await outcome.refuseCutOff?.();
  return outcome;
}

async function unitFor({ engine, certsDirectory }: ConfigurationOrder): Promise<HostUnit | undefined> {
  await refuseDesktop(engine);
  if (engine.kind === 'snap') refuseOutsideSnap(certsDirectory);
  const unit = await unitToChange(engine);
  if (unit === undefined) refuseInContainer(engine);
  return unit;
}

async function writeFile(order: ConfigurationOrder, { now }: EngineCaller): Promise<DaemonOutcome> {
  const planned = await planOutcome(order, undefined);
  requireRoot(order.engine);
  const outcome = await accepted(order, planned);
  const { path, written, backup } = applyDaemonConfig(outcome.config, outcome.plan, { now: now() });
  return { ...outcome, config: path, written, ...(backup !== undefined && { backup }) };
}

type Where = { readonly unit: HostUnit; readonly caller: EngineCaller };

/** Under the lock, and with nothing left of a change that was interrupted. */
function withPlan<T>(
  order: ConfigurationOrder,
  { unit, caller }: Where,
  work: (planned: HostOutcome & { readonly fresh: HostUnit }) => Promise<T>,
): Promise<T> {
  return withEngineLock(unit, caller, async () => {
    await takeBackInterrupted(await freshUnit(unit), order.engine.config, caller);
    const fresh = await freshUnit(unit);
    const planned = await planOutcome(order, fresh);
    await accepted(order, planned);
    return work({ fresh, ...planned });
  });
}
