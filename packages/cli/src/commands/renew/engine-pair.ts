import { nextWindow, requireCurrent } from '@docker-mtls/authority';
import type { DailyWindow, RenewablePair } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import { noSystemd, readUnit, recoverEngine, servingEngines } from '@docker-mtls/engine';
import type { HostUnit, LocalEngine } from '@docker-mtls/engine';
import { MtlsError, quote, shellWord } from '@docker-mtls/errors';
import { presentedAt } from '@docker-mtls/proof';
import { moment } from '@docker-mtls/text';
import { servedServer } from '@docker-mtls/secure/engine';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import { engineCallerOf, engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';

/** The engine of this machine that `--apply` restarts. */
export type EngineHere = { readonly engine: LocalEngine; readonly unit: HostUnit };

/** Finds it; where it is to be changed, with nothing left of a change that was interrupted. Throws `HOST_NO_SYSTEMD`. */
export async function engineHere(args: Args, io: Io, isDryRun: boolean): Promise<EngineHere> {
  const engine = engineOf(args, io);
  if (!isDryRun) await recoverEngine(engine, engineCallerOf(io));
  const unit = await readUnit(engine);
  if (unit === undefined) throw noSystemd(engine);
  return { engine, unit };
}

/** The server whose pair it serves with. `PAIR_NOT_SERVED`: none of this CA. */
export async function servedBy({ engine }: EngineHere, { reader }: CliSession): Promise<string> {
  const { config } = engine;
  const name = await servedServer(config, reader);
  if (name !== undefined) return name;
  throw new MtlsError(
    'PAIR_NOT_SERVED',
    `the engine that reads ${config} serves with no pair of the CA in ${reader.directory}`,
    { hint: 'omit --apply, or name the CA directory of its pair with --ca-dir' },
  );
}

/** The earlier certificate of this server that the engine still presents, where it has not read the one on the disk. */
export async function presentedEarlier(
  { engine }: EngineHere,
  server: Entry,
  { reader }: CliSession,
): Promise<Entry | undefined> {
  const { engines } = await servingEngines(engine, []);
  const [address] = engines.flatMap(({ addresses }) => addresses);
  const seen = address && (await presentedAt(address));
  if (seen === undefined || !('presented' in seen)) return undefined;
  const { fingerprint } = seen.presented;
  if (fingerprint === server.fingerprint) return undefined;
  const own = await reader.entries({ kind: 'server', name: server.name, all: true });
  return own.find((entry) => entry.fingerprint === fingerprint);
}

/** The pair in force of the served server. */
export function servedPair(session: CliSession, name: string): Promise<Entry> {
  return requireCurrent(session.reader, 'server', name);
}

/** When the engine's pair is renewed, where that is not now. */
export type Postponed = { readonly kind: 'server'; readonly name: string; readonly until: Date };

/**
 * Outside of its window a pair waits; not where it would end before the next window does, because nothing could be done
 * then: that is told.
 */
export function postponedBy(
  window: DailyWindow | undefined,
  { name, notAfter }: Pick<RenewablePair, 'name' | 'notAfter'>,
  io: Io,
): Postponed | undefined {
  if (window === undefined) return undefined;
  const now = io.now();
  const { opens, closes } = nextWindow(window, now);
  if (opens <= now) return undefined;
  if (notAfter > closes) return { kind: 'server', name, until: opens };
  io.note(
    `warning: the window is not waited for: the certificate of the server ${quote(name)} ends on ${moment(notAfter)}, and the next window on ${moment(closes)}`,
  );
  return undefined;
}

/** What a person types to have it now. */
export function applyCommand(name: string): string {
  return `docker-mtls renew ${shellWord(name)} --kind server --apply`;
}
