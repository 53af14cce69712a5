import { requireCurrent } from '@docker-mtls/authority';
import type { IssuedPair, PreparedPair, Session } from '@docker-mtls/authority';
import { readCertificates } from '@docker-mtls/ca';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { effect, listensOf, refuseCutOff, sanValues } from '@docker-mtls/engine';
import { renewEngine } from '@docker-mtls/engine/renewal';
import type { Applied, HostUnit, Insistence, PairChange } from '@docker-mtls/engine';
import type { RenewalOrder } from '@docker-mtls/engine/renewal';
import { readFile } from '@docker-mtls/files';
import { cutOffOrder } from './engine/cut-off-order.ts';
import { engineCaller } from './engine/engine-caller.ts';
import { checkCopy, copyPair } from './pair/copy-pair.ts';
import { layoutFiles } from './pair/out-layout.ts';
import { pairChange } from './pair/pair-change.ts';
import { requireServed } from './pair/served-pair.ts';
import { applyProof } from './proof/apply-proof.ts';
import type { Proved } from './proof/proof-step.ts';

/** A new pair for the server that this machine's engine is. */
export type ServerPairOrder = Pick<RenewalOrder, 'liveRestore' | 'quorum' | 'swarmLock'> & {
  readonly name: string;
  readonly unit: HostUnit;
  /** The engine's daemon.json. */
  readonly config: string;
  /** A folder that gets a copy of the server's files. */
  readonly out?: string | undefined;
  /** The addresses of this machine. */
  readonly own: readonly string[];
  /** Makes the pair; `undefined`: the one in force is new, and the engine has yet to read it. */
  readonly prepare: () => Promise<PreparedPair | undefined>;
  /** May the new certificate lack a name of the one before? Absent: it has all of them. */
  readonly cutOff?: Insistence;
  /** Does a hook follow? It is on record before the pair is published. */
  readonly expectsHooks?: boolean;
};

export type ServerPairOutcome = {
  readonly issued: IssuedPair | undefined;
  readonly applied: Applied;
  readonly proved: Proved | undefined;
};

/**
 * Issues the pair, and has the engine restarted once and proven with it; or the old pair is put back, and the engine
 * serves with that. Codes: `PAIR_NOT_SERVED`, `CLIENT_MISSING`, `OUT_EXISTS`, `HOST_…`, those of issuing.
 */
export async function changeServerPair(
  session: Session,
  { unit, config, name, out, own, ...order }: ServerPairOrder,
): Promise<ServerPairOutcome> {
  const { reader, caller } = session;
  const engine = await requireServed({ config, name, reader });
  if (out !== undefined)
    checkCopy(out, { kind: 'server', withKey: true, caDirectory: reader.directory, force: true });
  const listens = listensOf(unit, config);
  const server = (): ReturnType<typeof requireCurrent> => requireCurrent(reader, 'server', name);
  const proof = await applyProof(session, async () => ({ server: await server(), listens, config, own }));
  const prepared = await order.prepare();
  if (prepared !== undefined && order.cutOff !== undefined)
    await refuseLostNames(session, { engine, prepared, insistence: order.cutOff });
  let issued: IssuedPair | undefined;
  const copy = async (pair: IssuedPair | undefined): Promise<void> => {
    issued = pair;
    if (out === undefined || pair === undefined) return;
    const to = layoutFiles('server', 'flat');
    copyPair(out, { ...pair, to }, { force: true, now: caller.now(), note: caller.note });
  };
  const change = await pairChange({ session, out, name, engine, staysThere: true, prepared, copy });
  const pair = order.expectsHooks === true ? withHook(session, change, prepared) : change;
  const { liveRestore, quorum, swarmLock } = order;
  const restart = { config, liveRestore, pair, prove: proof.prove, quorum, swarmLock };
  const applied = await renewEngine(unit, restart, engineCaller(caller));
  return { issued, applied, proved: proof.last() };
}

function withHook(session: Session, change: PairChange, prepared: PreparedPair | undefined): PairChange {
  if (prepared === undefined) return change;
  const { serial } = prepared.certificate.info;
  return {
    ...change,
    publish: async () => {
      await session.exclusive((store) => store.expectHooks([serial], session.caller.now()));
      await change.publish();
    },
  };
}

type Replaced = {
  readonly engine: EngineFiles;
  readonly prepared: PreparedPair;
  readonly insistence: Insistence;
};

/** A new certificate without a name of the one before cuts off the clients that use it. Throws `HOST_CUTS_OFF`. */
async function refuseLostNames(
  { reader, caller }: Session,
  { engine, prepared, insistence }: Replaced,
): Promise<void> {
  const now = caller.now();
  const [shown] = readCertificates(readFile(engine.certificate));
  if (shown === undefined || shown.info.notAfter <= now) return;
  const { roots: authorities } = await reader.authority();
  const before = { addresses: [], names: sanValues(shown), authorities };
  const after = { ...before, names: sanValues(prepared.certificate) };
  await refuseCutOff(effect(before, after), before, cutOffOrder({ insistence, reader, now }));
}
