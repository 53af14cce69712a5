import { prepareRenewal, recordFailure } from '@docker-mtls/authority';
import type { FailedPair, IssuedPair, RenewablePair, RenewedPair } from '@docker-mtls/authority';
import { refuseCostlyRestart } from '@docker-mtls/engine';
import type { Applied } from '@docker-mtls/engine';
import { isMtlsError } from '@docker-mtls/errors';
import { changeServerPair } from '@docker-mtls/secure';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import { liveRestoreOf, swarmOf } from '../../engine/engine-order.ts';
import { stepText } from '../../engine/step-report.ts';
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
  const { args, session, here, pair, isIssued, expectsHooks } = order;
  const { unit } = here;
  const { config } = here.engine;
  const restart = { liveRestore: liveRestoreOf(args), ...swarmOf(args, 'allow-quorum-loss') };
  const stops = { flag: '--allow-stop', isGiven: args.flag('allow-stop') === true };
  await refuseCostlyRestart(unit, { config, stops, ...restart });
  const { issued, applied, proved } = await changeServerPair(session, {
    name: pair.name,
    unit,
    config,
    own: session.io.machine().addresses,
    ...restart,
    prepare: async () => (isIssued ? undefined : prepareRenewal(session, pair, order)),
    expectsHooks,
  });
  return {
    renewed: issued === undefined ? [] : [renewedPair(pair, issued)],
    failed: [],
    applied,
    text: `${proved === undefined ? '' : stepText(proved.step)}${afterwardsText(applied)}`,
  };
}

function renewedPair({ kind, name, serial }: RenewablePair, issued: IssuedPair): RenewedPair {
  const { certificate, directory } = issued;
  const { info } = certificate;
  return { kind, name, serial: info.serial, notAfter: info.notAfter, replaces: serial, directory };
}
