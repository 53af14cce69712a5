import path from 'node:path';
import {
  applyDaemonConfig,
  findDockerd,
  parseDaemonConfig,
  readDaemonConfig,
  refuseRejected,
  renderDiff,
  validateDaemonConfigText,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigPlan } from '@docker-mtls/daemon-config';
import type { HostPlan, HostUnit, PairChange, Verdict } from '@docker-mtls/engine';
import { runProgram } from '@docker-mtls/run';
import type { Args } from '../command-line/args.ts';
import type { DaemonOutcome } from './daemon-outcome.ts';
import { refuseDesktop } from './docker-desktop.ts';
import type { Io } from '../io/io.ts';
import { localEngine } from './local-engine.ts';
import { optionsOf, planFile, withWarnings } from './plan-file.ts';
import type { FileOrder } from './plan-file.ts';
import { refuseOutsideSnap } from './snap.ts';
import { withUnwritable } from './unwritable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { changeTools, hostToChange, noSystemd, recover, withLock } from './this-host.ts';
import type { ThisHost } from './this-host.ts';

const LISTEN = '0.0.0.0:2376';

export type DaemonOrder = FileOrder & {
  /** Is that folder the engine's view of files that are really here, so that its program can check them? */
  readonly filesAreHere: boolean;
  readonly dryRun: boolean;
  /** Is a plan that is not carried out to wait for another docker-mtls that changes this engine? */
  readonly waits?: boolean;
  /** Is the engine to be restarted and proven too, or everything put back? */
  readonly apply: boolean;
  /** Asks the restarted engine whether it is secured; needed where something is applied. */
  readonly prove?: () => Promise<Verdict>;
  /** Are containers to run on while the engine restarts? */
  readonly liveRestore: boolean;
  /** Restart the engine even if its swarm cannot do without it? */
  readonly force: boolean;
  /** The server's new pair, where the engine serves with an earlier one: it comes with the change, or not at all. */
  readonly pair?: PairChange;
};

/** The addresses that the engine is to listen on. */
export function listensOf(args: Args): readonly string[] {
  const listen = args.list('listen');
  return listen.length === 0 ? [LISTEN] : listen;
}

/** Are containers to run on while `--apply` restarts the engine? */
export function liveRestoreOf(args: Args): boolean {
  const liveRestore = args.flag('live-restore') === true;
  if (liveRestore && args.flag('apply') !== true)
    throw new UsageError('--live-restore is for a restart', 'add --apply, or leave it away');
  return liveRestore;
}

/** What the command line says of daemon.json, for a server whose files are in `home`. */
export function daemonOrder(args: Args, io: Io, home: string): DaemonOrder {
  const certsDirectory = args.text('certs-dir');
  return {
    engine: localEngine(args, io),
    listen: listensOf(args),
    certsDirectory: certsDirectory ?? home,
    filesAreHere: certsDirectory === undefined || path.resolve(certsDirectory) === home,
    dryRun: args.flag('dry-run') === true,
    apply: args.flag('apply') === true,
    liveRestore: liveRestoreOf(args),
    force: args.flag('force') === true,
  };
}

/**
 * Plans daemon.json, and where systemd runs the engine the drop-in that goes with it; has the engine's own program
 * check the plan where it can, and puts it in place. With `apply`, the engine is restarted and proven, or all is put
 * back.
 */
export async function configureDaemon(order: DaemonOrder, io: Io): Promise<DaemonOutcome> {
  await refuseDesktop(order.engine, io);
  if (order.engine.kind === 'snap') refuseOutsideSnap(order.certsDirectory);
  const host = await hostToChange(order.engine, io);
  if (host !== undefined) return configureHost(order, io, host);
  if (order.apply) throw noSystemd(order.engine);
  return configureFile(order, io);
}

async function configureFile(order: DaemonOrder, io: Io): Promise<DaemonOutcome> {
  const { engine } = order;
  const { config } = engine;
  const plan = planFile(order);
  const diff = renderDiff(plan.before, plan.after, config);
  const check =
    plan.changes.length === 0 ? NOTHING_TO_CHECK : await checkWithEngine(order, plan, findDockerd());
  if (order.dryRun) return withUnwritable({ config, engine, plan, diff, written: false, check });
  const { path: target, written, backup } = applyDaemonConfig(config, plan, { now: io.now() });
  return { config: target, engine, plan, diff, written, ...(backup !== undefined && { backup }), check };
}

async function configureHost(order: DaemonOrder, io: Io, host: ThisHost): Promise<DaemonOutcome> {
  const plan = async (unit: HostUnit): Promise<DaemonOutcome> =>
    (await planOutcome(order, { host, unit })).outcome;
  if (order.dryRun && order.waits === true) return withLock(host, io, async () => plan(await host.reread()));
  if (order.dryRun) return withUnwritable(await plan(host.unit));
  return withLock(host, io, () => changeHost(order, io, host));
}

async function changeHost(order: DaemonOrder, io: Io, host: ThisHost): Promise<DaemonOutcome> {
  const { code } = host;
  const { config } = order.engine;
  await recover(host, config, io);
  const unit = await host.reread();
  const { plan, outcome } = await planOutcome(order, { host, unit });
  const { pair } = order;
  const change = { ...code.planChange(unit, plan, { config, now: io.now() }), ...(pair && { pair }) };
  const changes = code.changesSomething(plan);
  if (!order.apply) {
    const { backup } = changes ? await code.changeFiles(change) : {};
    return { ...outcome, written: changes, ...(backup !== undefined && { backup }) };
  }
  const { prove = neverProven } = order;
  if (!changes && pair === undefined && (await prove()).ok)
    return { ...outcome, applied: { restarted: false, stopped: [] } };
  const quorum = { flag: '--force', isGiven: order.force };
  const { written, stopped } = await code.changeEngine(change, changeTools({ prove, quorum }, io));
  const { backup } = written;
  const applied = { restarted: true, stopped };
  return { ...outcome, written: changes, ...(backup !== undefined && { backup }), applied };
}

type Place = { readonly host: ThisHost; readonly unit: HostUnit };

async function planOutcome(
  order: DaemonOrder,
  { host: { code }, unit }: Place,
): Promise<{ readonly plan: HostPlan; readonly outcome: DaemonOutcome }> {
  const { engine } = order;
  const { config } = engine;
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  const plan = code.planHost(unit, document, { ...optionsOf(order), liveRestore: order.liveRestore });
  const changes = code.changesSomething(plan);
  await code.refuseUnusable(plan.listens, runProgram);
  const check = changes
    ? await checkWithEngine(order, plan.config, unit.program, plan.dropIn.flags)
    : NOTHING_TO_CHECK;
  const diff = diffOf(plan, config);
  const { dropIn } = plan;
  const shown = withWarnings(plan.config, document, ...code.lingerWarnings(unit.scope));
  return { plan, outcome: { config, engine, plan: shown, diff, written: false, check, dropIn } };
}

function diffOf({ config: { before, after }, dropIn }: HostPlan, config: string): string {
  const unit = renderDiff(dropIn.before ?? '', dropIn.after ?? '', dropIn.path);
  return renderDiff(before, after, config) + (dropIn.before === dropIn.after ? '' : unit);
}

async function neverProven(): Promise<Verdict> {
  return { ok: false, why: 'nobody could prove it' };
}

const NOTHING_TO_CHECK = 'nothing to check';

async function checkWithEngine(
  { filesAreHere }: DaemonOrder,
  plan: DaemonConfigPlan,
  dockerd: string | undefined,
  flags: readonly string[] = [],
): Promise<string> {
  if (!filesAreHere) return 'not checked by an engine: the certificate files are not here';
  if (dockerd === undefined) return 'not checked by an engine: there is no dockerd here';
  const validation = await validateDaemonConfigText({ dockerd, text: plan.after, flags });
  refuseRejected(validation);
  return validation.ran
    ? `${dockerd} ${validation.version ?? ''} finds it good`
    : `not checked: ${validation.message}`;
}
