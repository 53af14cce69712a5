import path from 'node:path';
import {
  applyDaemonConfig,
  defaultConfigPath,
  defaultLocalSocket,
  findDockerd,
  parseDaemonConfig,
  planDaemonConfig,
  readDaemonConfig,
  refuseRejected,
  renderDiff,
  validateDaemonConfigText,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigPlan } from '@docker-mtls/daemon-config';
import type { Args } from './args.ts';
import type { Io } from './io.ts';

export const LISTEN = '0.0.0.0:2376';

export type DaemonOrder = {
  readonly config: string;
  readonly listen: readonly string[];
  /** The folder of ca.pem, server-cert.pem and server-key.pem as the engine sees it. */
  readonly certsDirectory: string;
  /** Is that folder the engine's view of files that are really here, so that its program can check them? */
  readonly filesAreHere: boolean;
  readonly dryRun: boolean;
};

export type DaemonOutcome = {
  readonly config: string;
  readonly plan: DaemonConfigPlan;
  readonly diff: string;
  readonly written: boolean;
  readonly backup?: string;
  /** What the engine's own check said, in a sentence. */
  readonly check: string;
};

/** What the command line says of daemon.json, for a server whose files are in `home`. */
export function daemonOrder(args: Args, io: Io, home: string): DaemonOrder {
  const listen = args.list('listen');
  const certsDirectory = args.text('certs-dir');
  return {
    config: daemonConfigFile(args, io),
    listen: listen.length === 0 ? [LISTEN] : listen,
    certsDirectory: certsDirectory ?? home,
    filesAreHere: certsDirectory === undefined || path.resolve(certsDirectory) === home,
    dryRun: args.flag('dry-run') === true,
  };
}

export function daemonConfigFile(args: Args, io: Io): string {
  const named = args.text('config');
  return named === undefined ? defaultConfigPath(io.platform, io.env) : path.resolve(io.cwd, named);
}

/** Plans daemon.json, has the engine's own program check the plan where it can, and puts it in place. */
export async function configureDaemon(order: DaemonOrder, io: Io): Promise<DaemonOutcome> {
  const { config } = order;
  const plan = planDaemonConfig(parseDaemonConfig(readDaemonConfig(config), config), {
    listen: order.listen,
    localSocket: defaultLocalSocket(io.platform, io.env),
    files: engineFiles(order.certsDirectory),
  });
  const diff = renderDiff(plan.before, plan.after, config);
  const check = plan.changes.length === 0 ? 'nothing to check' : await checkWithEngine(order, plan);
  if (order.dryRun) return { config, plan, diff, written: false, check };
  const { path: target, written, backup } = applyDaemonConfig(config, plan, { now: io.now() });
  return { config: target, plan, diff, written, ...(backup !== undefined && { backup }), check };
}

function engineFiles(directory: string): { ca: string; certificate: string; key: string } {
  const { join } = /^[A-Za-z]:[\\/]/.test(directory) ? path.win32 : path.posix;
  return {
    ca: join(directory, 'ca.pem'),
    certificate: join(directory, 'server-cert.pem'),
    key: join(directory, 'server-key.pem'),
  };
}

async function checkWithEngine({ filesAreHere }: DaemonOrder, plan: DaemonConfigPlan): Promise<string> {
  if (!filesAreHere) return 'not checked by an engine: the certificate files are on another machine';
  const dockerd = findDockerd();
  if (dockerd === undefined) return 'not checked by an engine: there is no dockerd here';
  const validation = await validateDaemonConfigText({ dockerd, text: plan.after });
  refuseRejected(validation);
  return validation.ran
    ? `${dockerd} ${validation.version ?? ''} finds it good`
    : `not checked: ${validation.message}`;
}
