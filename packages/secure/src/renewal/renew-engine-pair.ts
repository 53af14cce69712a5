import { prepareRenewal, recordFailure } from '@docker-mtls/authority/renewal';
import type { IssuedPair, Session } from '@docker-mtls/authority';
import type { RenewablePair, RenewedBatch, RenewedPair } from '@docker-mtls/authority/renewal';
import { refuseCostlyRestart } from '@docker-mtls/engine/renewal';
import type { Applied, Insistence } from '@docker-mtls/engine';
import type { RenewalOrder } from '@docker-mtls/engine/renewal';
import { isMtlsError } from '@docker-mtls/errors';
import { changeServerPair } from '../change-server-pair.ts';
import type { Proved } from '../proof/proof-step.ts';
import type { EngineRenewalPlan } from './plan-engine-renewal.ts';

/** What became of the engine's pair. */
export type EngineRenewal = RenewedBatch & {
  readonly applied?: Applied;
  readonly proved?: Proved | undefined;
};

/** How the engine is restarted, and what somebody insists on. */
export type EngineRestart = Pick<RenewalOrder, 'liveRestore' | 'quorum' | 'swarmLock'> & {
  readonly stops: Insistence;
  /** The addresses of this machine. */
  readonly own: readonly string[];
  readonly keepKey: boolean;
  readonly expectsHooks: boolean;
};

/**
 * Renews the pair of this machine's engine and has the engine restarted once and proven with it; or the engine serves with
 * the old pair, and the failure is on record.
 */
export async function renewEnginePair(
  session: Session,
  plan: EngineRenewalPlan,
  restart: EngineRestart,
): Promise<EngineRenewal> {
  const { pair } = plan;
  if (pair === undefined) return { renewed: [], failed: [] };
  try {
    return await carryOut(session, { ...plan, pair }, restart);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { kind, name, serial } = pair;
    const failed = { kind, name, serial, code: error.code, message: error.message, hint: error.hint };
    await recordFailure(session, failed);
    return { renewed: [], failed: [failed] };
  }
}

async function carryOut(
  session: Session,
  { engine, unit, pair, isIssued }: EngineRenewalPlan & { readonly pair: RenewablePair },
  { stops, own, keepKey, expectsHooks, ...restart }: EngineRestart,
): Promise<EngineRenewal> {
  const { config } = engine;
  await refuseCostlyRestart(unit, { config, stops, ...restart });
  const { issued, applied, proved } = await changeServerPair(session, {
    name: pair.name,
    unit,
    config,
    own,
    ...restart,
    prepare: async () => (isIssued ? undefined : prepareRenewal(session, pair, { keepKey })),
    expectsHooks,
  });
  return { renewed: issued === undefined ? [] : [renewedPair(pair, issued)], failed: [], applied, proved };
}

function renewedPair({ kind, name, serial }: RenewablePair, issued: IssuedPair): RenewedPair {
  const { certificate, directory } = issued;
  const { info } = certificate;
  return { kind, name, serial: info.serial, notAfter: info.notAfter, replaces: serial, directory };
}
