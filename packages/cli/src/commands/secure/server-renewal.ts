import { preparePair } from '@docker-mtls/authority';
import { outFolder } from '../../pair/copy-out.ts';
import { pairChange } from '../../pair/pair-change.ts';
import { servedFiles } from '../../pair/served-pair.ts';
import type { CliSession } from '../../ca/session.ts';
import { engineFiles, isSameFile } from '@docker-mtls/engine';
import type { ConfigurationOrder, PairChange } from '@docker-mtls/engine';
import { configurationOrder, engineOf } from '../../engine/engine-order.ts';
import type { SecureOrder } from './secure-order.ts';
import { pairState, pairStep } from './pair-steps.ts';
import { isHome, serverHome, serverPlace } from './server-home.ts';
import type { Step } from './step.ts';

/** A pair that this machine's engine serves with, and that gets a successor. */
export type ServerRenewal = {
  /** Where the engine will read it. */
  readonly home: string;
  readonly pair: PairChange;
  readonly order: Pick<ConfigurationOrder, 'certificates'>;
  /** What was done, once it is. */
  readonly step: () => Promise<Step>;
};

/**
 * With `--apply`, the pair of an engine that serves with an earlier one comes to it with the change: one that the
 * engine does not come up with must not stay. `undefined` when there is no such engine, or it has what it needs.
 */
export async function serverRenewal(
  order: SecureOrder,
  session: CliSession,
): Promise<ServerRenewal | undefined> {
  const { args, io, wanted, listen } = order;
  const { name } = wanted.server;
  const { reader } = session;
  const entry = await reader.current('server', name);
  if (args.flag('apply') !== true || entry === undefined) return undefined;
  const engine = await servedFiles({ config: engineOf(args, io).config, name, reader });
  const state = await pairState(session, wanted.server);
  if (engine === undefined || (state.why === undefined && isHome(args, io, entry))) return undefined;
  const prepared = state.why === undefined ? undefined : await preparePair(session, state.order);
  const home = outFolder(args, io) ?? entry.directory ?? serverPlace(reader.directory, name);
  const planned = configurationOrder(args, io, { home, listen });
  const staysThere = isSameFile(engineFiles(planned.certsDirectory).certificate, engine.certificate);
  const copy = async (): Promise<void> =>
    void serverHome(args, io, (await reader.current('server', name)) ?? entry);
  return {
    home,
    pair: await pairChange({ session, args, name, engine, staysThere, prepared, copy }),
    order: { certificates: staysThere ? planned.certificates : 'planned' },
    step: () => pairStep(session, state),
  };
}
