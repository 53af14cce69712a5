import path from 'node:path';
import { locateEngine, wantedListens } from '@docker-mtls/engine';
import type { ConfigurationOrder, EngineCaller, LocalEngine, RestartOrder } from '@docker-mtls/engine';
import type { Args } from '../command-line/args.ts';
import { reinstateServer } from '@docker-mtls/authority';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** The engine that the command line means: the one whose file it names, or else the one of this machine. */
export function engineOf(args: Args, io: Io): LocalEngine {
  const named = args.text('config');
  const config = named === undefined ? undefined : path.resolve(io.cwd, named);
  return locateEngine({ config, certsDirectory: args.text('certs-dir') }, io);
}

/** On whose behalf the engine is changed. */
export function engineCaller(io: Io): EngineCaller {
  const caller = callerOf(io);
  return { ...caller, reinstate: (record) => reinstateServer(record, caller) };
}

/** The addresses that the engine is to listen on. */
export function orderedListens(args: Args, io: Io): Promise<readonly string[]> {
  return wantedListens(engineOf(args, io), args.list('listen'));
}

/** Are containers to run on while `--apply` restarts the engine? */
export function liveRestoreOf(args: Args): boolean {
  const liveRestore = args.flag('live-restore') === true;
  if (liveRestore && args.flag('apply') !== true)
    throw new UsageError('--live-restore is for a restart', 'add --apply, or omit it');
  return liveRestore;
}

/** The server's files, and where it is to be reached. */
export type Served = { readonly home: string; readonly listen: readonly string[] };

/** What the command line says of daemon.json, for a server whose files are in `home`. */
export function configurationOrder(args: Args, io: Io, { home, listen }: Served): ConfigurationOrder {
  const certsDirectory = args.text('certs-dir');
  const isHere = certsDirectory === undefined || path.resolve(certsDirectory) === home;
  return {
    engine: engineOf(args, io),
    listen,
    certsDirectory: certsDirectory ?? home,
    certificates: isHere ? 'here' : 'elsewhere',
    refusesUnsafe: true,
    liveRestore: liveRestoreOf(args),
  };
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
