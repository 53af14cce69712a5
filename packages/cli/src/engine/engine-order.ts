import path from 'node:path';
import { parseListen } from '@docker-mtls/daemon-config';
import { locateEngine, requireRoot, wantedListens } from '@docker-mtls/engine';
import type { EngineCaller, Insistence, LocalEngine, RestartOrder } from '@docker-mtls/engine';
import { engineCaller } from '@docker-mtls/secure/engine';
import type { EngineOrder } from '@docker-mtls/secure';
import type { Args } from '../command-line/args.ts';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** The engine that the command line means: the one whose file it names, or else the one of this machine. */
export function engineOf(args: Args, io: Io): LocalEngine {
  const named = args.text('config');
  const config = named === undefined ? undefined : path.resolve(io.cwd, named);
  return locateEngine({ config, certsDirectory: args.text('certs-dir') }, io);
}

/** Refuses a change of that engine to any other user than root, where it takes root. */
export function requireRootFor(args: Args, io: Io): void {
  requireRoot(engineOf(args, io));
}

/** On whose behalf the engine is changed. */
export function engineCallerOf(io: Io): EngineCaller {
  return engineCaller(callerOf(io));
}

/** Are containers to run on while `--apply` restarts the engine? */
export function liveRestoreOf(args: Args): boolean {
  const liveRestore = args.flag('live-restore') === true;
  if (liveRestore && args.flag('apply') !== true)
    throw new UsageError('--live-restore is for a restart', 'add --apply, or omit it');
  return liveRestore;
}

/** What the command line says of the engine that is to be configured. */
export async function engineOrder(args: Args, io: Io): Promise<EngineOrder> {
  const listen = args.list('listen');
  for (const each of listen) parseListen(each);
  const engine = engineOf(args, io);
  return {
    engine,
    listen: await wantedListens(engine, listen),
    certsDirectory: args.text('certs-dir'),
    liveRestore: liveRestoreOf(args),
    cutOff: cutOffOf(args),
    ...swarmOf(args),
  };
}

/** May a change cut clients off? */
export function cutOffOf(args: Args): Insistence {
  return { flag: '--allow-cut-off', isGiven: args.flag('allow-cut-off') === true };
}

/** What the command line insists on where the engine is part of a swarm; `quorum` is the option for one that loses it. */
export function swarmOf(
  args: Args,
  quorum: 'force' | 'allow-quorum-loss' = 'force',
): Pick<RestartOrder, 'quorum' | 'swarmLock'> {
  const insistence = (name: string): RestartOrder['quorum'] => ({
    flag: `--${name}`,
    isGiven: args.flag(name) === true,
  });
  return { quorum: insistence(quorum), swarmLock: insistence('allow-swarm-lock') };
}
