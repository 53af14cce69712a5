import { preparePair } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import { engineFiles, isSameFile } from '@docker-mtls/engine';
import type { ConfigurationOrder, PairChange } from '@docker-mtls/engine';
import { pairState, pairStep } from './issue-missing.ts';
import { configurationOrder } from './engine/engine-order.ts';
import type { SecureOrder } from './order.ts';
import { pairChange } from './pair/pair-change.ts';
import { servedFiles } from './pair/served-pair.ts';
import { isHome, serverHome, serverPlace } from './server-home.ts';
import type { PairStep } from './step.ts';

/** A pair that this machine's engine serves with, and that gets a successor. */
export type ServerRenewal = {
  /** Where the engine will read it. */
  readonly home: string;
  readonly pair: PairChange;
  readonly order: Pick<ConfigurationOrder, 'certificates'>;
  /** What was done, once it is. */
  readonly step: () => Promise<PairStep>;
};

/**
 * Where the engine is restarted, the pair of one that serves with an earlier pair comes to it with the change: one that
 * the engine does not come up with must not stay. `undefined` when there is no such engine, or it has what it needs.
 */
export async function serverRenewal(
  { server, engine: order, out }: SecureOrder,
  session: Session,
): Promise<ServerRenewal | undefined> {
  const { name } = server;
  const { reader, caller } = session;
  const entry = await reader.current('server', name);
  if (entry === undefined) return undefined;
  const engine = await servedFiles({ config: order.engine.config, name, reader });
  const state = await pairState(session, server);
  if (engine === undefined || (state.why === undefined && isHome(out, entry))) return undefined;
  const prepared = state.why === undefined ? undefined : await preparePair(session, state.order);
  const home = out ?? entry.directory ?? serverPlace(reader.directory, name);
  const planned = configurationOrder(order, home);
  const staysThere = isSameFile(engineFiles(planned.certsDirectory).certificate, engine.certificate);
  const copy = async (): Promise<void> =>
    void serverHome(out, (await reader.current('server', name)) ?? entry, caller);
  return {
    home,
    pair: await pairChange({ session, out, name, engine, staysThere, prepared, copy }),
    order: { certificates: staysThere ? planned.certificates : 'planned' },
    step: () => pairStep(session, state),
  };
}
