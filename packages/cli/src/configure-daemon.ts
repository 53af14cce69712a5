import path from 'node:path';
import {
  applyDaemonConfig,
  defaultConfigPath,
  defaultLocalSocket,
  findDockerd,
  parseDaemonConfig,
  planDaemonConfig,
  readDaemonConfig,
  readHosts,
  refuseRejected,
  renderDiff,
  validateDaemonConfigText,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigPlan, DropInPlan } from '@docker-mtls/daemon-config';
import type { Container, HostPlan, HostUnit, Verdict } from '@docker-mtls/host';
import type { Args } from './args.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';
import { noSystemd, thisHost } from './this-host.ts';
import type { ThisHost } from './this-host.ts';

export const LISTEN = '0.0.0.0:2376';

export type DaemonOrder = {
  readonly config: string;
  readonly listen: readonly string[];
  /** The folder of ca.pem, server-cert.pem and server-key.pem as the engine sees it. */
  readonly certsDirectory: string;
  /** Is that folder the engine's view of files that are really here, so that its program can check them? */
  readonly filesAreHere: boolean;
  readonly dryRun: boolean;
  /** Is the engine to be restarted and proven too, or everything put back? */
  readonly apply: boolean;
  /** Asks the restarted engine whether it is secured; needed where something is applied. */
  readonly prove?: () => Promise<Verdict>;
  /** Are containers to run on while the engine restarts? */
  readonly liveRestore: boolean;
  /** Restart the engine even if its swarm cannot do without it? */
  readonly force: boolean;
};

export type DaemonOutcome = {
  readonly config: string;
  readonly plan: DaemonConfigPlan;
  readonly diff: string;
  readonly written: boolean;
  readonly backup?: string;
  /** What the engine's own check said, in a sentence. */
  readonly check: string;
  /** What the service manager's drop-in becomes; absent where none runs the engine. */
  readonly dropIn?: DropInPlan;
  /** What became of the engine, when it was to be restarted. */
  readonly applied?: Applied;
};

export type Applied = { readonly restarted: boolean; readonly stopped: readonly Container[] };

/** What the command line says of daemon.json, for a server whose files are in `home`. */
export function daemonOrder(args: Args, io: Io, home: string): DaemonOrder {
  const listen = args.list('listen');
  const certsDirectory = args.text('certs-dir');
  const apply = args.flag('apply') === true;
  const liveRestore = args.flag('live-restore') === true;
  if (liveRestore && !apply)
    throw new UsageError('--live-restore is for a restart', 'add --apply, or leave it away');
  return {
    config: daemonConfigFile(args, io),
    listen: listen.length === 0 ? [LISTEN] : listen,
    certsDirectory: certsDirectory ?? home,
    filesAreHere: certsDirectory === undefined || path.resolve(certsDirectory) === home,
    dryRun: args.flag('dry-run') === true,
    apply,
    liveRestore,
    force: args.flag('force') === true,
  };
}

export function daemonConfigFile(args: Args, io: Io): string {
  const named = args.text('config');
  return named === undefined ? defaultConfigPath(io.platform, io.env) : path.resolve(io.cwd, named);
}

/**
 * Plans daemon.json, and where systemd runs the engine the drop-in that goes with it; has the engine's own program
 * check the plan where it can, and puts it in place. With `apply`, the engine is restarted and proven, or all is put
 * back.
 */
export async function configureDaemon(order: DaemonOrder, io: Io): Promise<DaemonOutcome> {
  const host = await thisHost(order.config, io);
  if (host !== undefined) return configureHost(order, io, host);
  if (order.apply) throw noSystemd(order.config);
  return configureFile(order, io);
}

async function configureFile(order: DaemonOrder, io: Io): Promise<DaemonOutcome> {
  const { config } = order;
  const plan = planDaemonConfig(parseDaemonConfig(readDaemonConfig(config), config), optionsOf(order, io));
  const diff = renderDiff(plan.before, plan.after, config);
  const check =
    plan.changes.length === 0 ? NOTHING_TO_CHECK : await checkWithEngine(order, plan, findDockerd());
  if (order.dryRun) return { config, plan, diff, written: false, check };
  const { path: target, written, backup } = applyDaemonConfig(config, plan, { now: io.now() });
  return { config: target, plan, diff, written, ...(backup !== undefined && { backup }), check };
}

async function configureHost(order: DaemonOrder, io: Io, host: ThisHost): Promise<DaemonOutcome> {
  if (order.dryRun) return (await planOutcome(order, io, { host, unit: host.unit })).outcome;
  const onWait = (): void => io.note('waiting for another docker-mtls command to finish…');
  return host.code.withHostLock(() => changeHost(order, io, host), { onWait });
}

async function changeHost(order: DaemonOrder, io: Io, host: ThisHost): Promise<DaemonOutcome> {
  const { code } = host;
  await code.recover(await host.reread(), order.config, io.note);
  const unit = await host.reread();
  const { plan, outcome } = await planOutcome(order, io, { host, unit });
  const change = code.planChange(unit, plan, { config: order.config, now: io.now() });
  const changes = code.changesSomething(plan);
  if (!order.apply) {
    const { backup } = changes ? await code.changeFiles(change) : {};
    return { ...outcome, written: changes, ...(backup !== undefined && { backup }) };
  }
  const { prove = neverProven } = order;
  if (!changes && (await prove()).ok) return { ...outcome, applied: { restarted: false, stopped: [] } };
  const { written, stopped } = await code.changeEngine(change, {
    prove,
    note: io.note,
    now: io.now,
    force: order.force,
  });
  const { backup } = written;
  const applied = { restarted: true, stopped };
  return { ...outcome, written: changes, ...(backup !== undefined && { backup }), applied };
}

type Place = { readonly host: ThisHost; readonly unit: HostUnit };

async function planOutcome(
  order: DaemonOrder,
  io: Io,
  { host: { code }, unit }: Place,
): Promise<{ readonly plan: HostPlan; readonly outcome: DaemonOutcome }> {
  const { config } = order;
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  const plan = code.planHost(unit, document, { ...optionsOf(order, io), liveRestore: order.liveRestore });
  const changes = code.changesSomething(plan);
  const held = unit.isActive ? [...readHosts(document), ...unit.command.hosts] : [];
  const wanted = readHosts(parseDaemonConfig(Buffer.from(plan.config.after)));
  await code.refuseUnusable({ held, wanted }, code.runProgram);
  const check = changes
    ? await checkWithEngine(order, plan.config, unit.program, plan.dropIn.flags)
    : NOTHING_TO_CHECK;
  const diff = diffOf(plan, config);
  return { plan, outcome: { config, plan: plan.config, diff, written: false, check, dropIn: plan.dropIn } };
}

function diffOf({ config: { before, after }, dropIn }: HostPlan, config: string): string {
  const unit = renderDiff(dropIn.before ?? '', dropIn.after ?? '', dropIn.path);
  return renderDiff(before, after, config) + (dropIn.before === dropIn.after ? '' : unit);
}

async function neverProven(): Promise<Verdict> {
  return { ok: false, why: 'nobody could prove it' };
}

const NOTHING_TO_CHECK = 'nothing to check';

function optionsOf(
  { listen, certsDirectory }: DaemonOrder,
  io: Io,
): { listen: readonly string[]; localSocket: string; files: ReturnType<typeof engineFiles> } {
  const localSocket = defaultLocalSocket(io.platform, io.env);
  return { listen, localSocket, files: engineFiles(certsDirectory) };
}

function engineFiles(directory: string): { ca: string; certificate: string; key: string } {
  const { join } = /^[A-Za-z]:[\\/]/.test(directory) ? path.win32 : path.posix;
  return {
    ca: join(directory, 'ca.pem'),
    certificate: join(directory, 'server-cert.pem'),
    key: join(directory, 'server-key.pem'),
  };
}

async function checkWithEngine(
  { filesAreHere }: DaemonOrder,
  plan: DaemonConfigPlan,
  dockerd: string | undefined,
  flags: readonly string[] = [],
): Promise<string> {
  if (!filesAreHere) return 'not checked by an engine: the certificate files are on another machine';
  if (dockerd === undefined) return 'not checked by an engine: there is no dockerd here';
  const validation = await validateDaemonConfigText({ dockerd, text: plan.after, flags });
  refuseRejected(validation);
  return validation.ran
    ? `${dockerd} ${validation.version ?? ''} finds it good`
    : `not checked: ${validation.message}`;
}
