import { prepareRenewal, recordFailure } from '@docker-mtls/authority';
import type {
  FailedPair,
  IssuedPair,
  PreparedPair,
  RenewablePair,
  RenewedPair,
} from '@docker-mtls/authority';
import { listensOf, refuseCostlyRestart, renewEngine } from '@docker-mtls/engine';
import type { Applied, PairChange } from '@docker-mtls/engine';
import { isMtlsError } from '@docker-mtls/errors';
import { applyProof, pairChange, requireServed } from '@docker-mtls/secure';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import { engineCallerOf, liveRestoreOf, swarmOf } from '../../engine/engine-order.ts';
import { stepText } from '../../engine/step-report.ts';
import { servedPair } from './engine-pair.ts';
import type { EngineHere } from './engine-pair.ts';

/** What became of the engine's pair. */
export type EngineRenewal = {
  readonly renewed: readonly RenewedPair[];
  readonly failed: readonly FailedPair[];
  readonly applied?: Applied;
  /** For people: the proof, and what a restart has left to do. */
  readonly text: string;
};

export type EngineRenewalOrder = {
  readonly args: Args;
  readonly session: CliSession;
  readonly here: EngineHere;
  readonly pair: RenewablePair;
  readonly keepKey: boolean;
  readonly expectsHooks: boolean;
  /** The pair in force is new already, and the engine has yet to read it. */
  readonly isIssued: boolean;
};

/**
 * Renews the pair of this machine's engine and has the engine restarted once and proven with it; or the engine serves with
 * the old pair, and the failure is on record.
 */
export async function renewEnginePair(order: EngineRenewalOrder): Promise<EngineRenewal> {
  try {
    return await carryOut(order);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { kind, name, serial } = order.pair;
    const failed = { kind, name, serial, code: error.code, message: error.message, hint: error.hint };
    await recordFailure(order.session, failed);
    return { renewed: [], failed: [failed], text: '' };
  }
}

async function carryOut(order: EngineRenewalOrder): Promise<EngineRenewal> {
  const { args, session, here, pair, isIssued } = order;
  const { unit } = here;
  const { config } = here.engine;
  const { name } = pair;
  const liveRestore = liveRestoreOf(args);
  const swarm = swarmOf(args, 'allow-quorum-loss');
  const stops = { flag: '--allow-stop', isGiven: args.flag('allow-stop') === true };
  await refuseCostlyRestart(unit, { config, liveRestore, stops, ...swarm });
  await requireServed({ config, name, reader: session.reader });
  const listens = listensOf(unit, config);
  const proof = await applyProof(session, async () => ({
    server: await servedPair(session, name),
    listens,
    config,
    own: session.io.machine().addresses,
  }));
  const prepared = isIssued ? undefined : await prepareRenewal(session, pair, order);
  let issued: IssuedPair | undefined;
  const change = await changeFor(order, prepared, async (each) => {
    issued = each;
  });
  const applied = await renewEngine(
    unit,
    { config, liveRestore, pair: change, prove: proof.prove, ...swarm },
    engineCallerOf(session.io),
  );
  const step = proof.last()?.step;
  return {
    renewed: issued === undefined ? [] : [renewedPair(pair, issued)],
    failed: [],
    applied,
    text: `${step === undefined ? '' : stepText(step)}${afterwardsText(applied)}`,
  };
}

/** The hook is on record before the pair is published. */
async function changeFor(
  { session, here, pair, expectsHooks }: EngineRenewalOrder,
  prepared: PreparedPair | undefined,
  keep: (issued: IssuedPair | undefined) => Promise<void>,
): Promise<PairChange> {
  const { name } = pair;
  const engine = await requireServed({ config: here.engine.config, name, reader: session.reader });
  const change = await pairChange({
    session,
    out: undefined,
    name,
    engine,
    staysThere: true,
    prepared,
    copy: keep,
  });
  if (!expectsHooks || prepared === undefined) return change;
  const { serial } = prepared.certificate.info;
  return {
    ...change,
    publish: async () => {
      await session.exclusive((store) => store.expectHooks([serial], session.io.now()));
      await change.publish();
    },
  };
}

function renewedPair({ kind, name, serial }: RenewablePair, issued: IssuedPair): RenewedPair {
  const { certificate, directory } = issued;
  const { info } = certificate;
  return { kind, name, serial: info.serial, notAfter: info.notAfter, replaces: serial, directory };
}
