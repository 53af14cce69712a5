import { nextWindow } from '@docker-mtls/authority/renewal';
import type { Session } from '@docker-mtls/authority';
import type { DailyWindow } from '@docker-mtls/authority/renewal';
import type { Entry } from '@docker-mtls/ca-directory';
import { noSystemd, readUnit, recoverEngine } from '@docker-mtls/engine';
import { servingEngines } from '@docker-mtls/engine/serving-engines';
import type { HostUnit, LocalEngine } from '@docker-mtls/engine';
import { quote } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { presentedAt } from '@docker-mtls/proof/ask-once';
import { moment } from '@docker-mtls/text';
import { engineCaller } from '../engine/engine-caller.ts';
import { SecureError } from '../error.ts';
import { servedServer } from '../pair/served-pair.ts';

/** Finds the unit; where the engine is to be changed, with nothing left of a change that was interrupted. `HOST_NO_SYSTEMD`. */
export async function unitOf(engine: LocalEngine, caller: Caller, isDryRun: boolean): Promise<HostUnit> {
  if (!isDryRun) await recoverEngine(engine, engineCaller(caller));
  const unit = await readUnit(engine);
  if (unit === undefined) throw noSystemd(engine);
  return unit;
}

/** The server whose pair an engine serves with. `PAIR_NOT_SERVED`: none of this CA. */
export async function servedBy({ config }: LocalEngine, { reader }: Session): Promise<string> {
  const name = await servedServer(config, reader);
  if (name !== undefined) return name;
  throw new SecureError(
    'PAIR_NOT_SERVED',
    `the engine that reads ${config} serves with no pair of the CA in ${reader.directory}`,
    { hint: 'omit --apply, or name the CA directory of its pair with --ca-dir' },
  );
}

/** The earlier certificate of this server that the engine still presents, where it has not read the one on the disk. */
export async function presentedEarlier(
  engine: LocalEngine,
  server: Entry,
  { reader }: Session,
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

/** When the engine's pair is renewed, where that is not now. */
export type Postponed = { readonly kind: 'server'; readonly name: string; readonly until: Date };

/**
 * Outside of its window the certificate that is in use stays; not where it would end before the next window does, or has
 * not begun because it was issued by a clock that was ahead. That is told.
 */
export function postponedBy(
  window: DailyWindow | undefined,
  { name, notBefore, notAfter }: Pick<Entry, 'name' | 'notBefore' | 'notAfter'>,
  { now, note }: Caller,
): Postponed | undefined {
  if (window === undefined) return undefined;
  const at = now();
  const { opens, closes } = nextWindow(window, at);
  if (opens <= at) return undefined;
  if (notBefore <= at && closes < notAfter) return { kind: 'server', name, until: opens };
  const why =
    at < notBefore
      ? `begins on ${moment(notBefore)}`
      : `ends on ${moment(notAfter)}, and the next window on ${moment(closes)}`;
  note?.({
    kind: 'warning',
    message: `the window is not waited for: the certificate of the server ${quote(name)} ${why}`,
  });
  return undefined;
}
