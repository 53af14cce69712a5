import { preparePair } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { noSystemd, readUnit, recoverEngine } from '@docker-mtls/engine';
import type { HostUnit } from '@docker-mtls/engine';
import { changeServerPair } from '@docker-mtls/secure/change-server-pair';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import { cutOffOf, engineCallerOf, engineOf, liveRestoreOf, swarmOf } from '../../engine/engine-order.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { stepText } from '../../engine/step-report.ts';
import type { Io } from '../../io/io.ts';
import { copiedOut, outFolder } from '../../pair/copy-out.ts';
import { pairJson, pairText } from '../../pair/pair-report.ts';

/**
 * Issues a new pair for the server that this machine's engine is, and has the engine restarted and proven with it; or
 * the old pair is put back, and the engine serves with that.
 */
export async function applyNewPair(args: Args, io: Io, order: PairOrder): Promise<Report> {
  refuseOther(order);
  const engine = engineOf(args, io);
  await recoverEngine(engine, engineCallerOf(io));
  const unit = await readUnit(engine);
  if (unit === undefined) throw noSystemd(engine);
  const { config } = engine;
  return withCliSession(args, io, (session) => renew({ args, io, order, config, unit, session }));
}

function refuseOther({ force, csr }: PairOrder): void {
  if (csr !== undefined) {
    throw new UsageError(
      '--csr and --apply were both given',
      'bring the certificate to its key first, then restart the engine: docker-mtls daemon-config --apply',
    );
  }
  if (!force) {
    throw new UsageError(
      '--apply puts a new pair in the place of the one that the engine serves with',
      'add --force to replace it, or omit --apply',
    );
  }
}

type Renewal = {
  readonly args: Args;
  readonly io: Io;
  readonly order: PairOrder;
  readonly config: string;
  readonly unit: HostUnit;
  readonly session: CliSession;
};

async function renew({ args, io, order, config, unit, session }: Renewal): Promise<Report> {
  const { name } = order;
  const out = outFolder(args, io);
  const { issued, applied, proved } = await changeServerPair(session, {
    name,
    unit,
    config,
    out,
    own: io.machine().addresses,
    liveRestore: liveRestoreOf(args),
    ...swarmOf(args, 'allow-quorum-loss'),
    prepare: () => preparePair(session, order),
    cutOff: cutOffOf(args),
  });
  if (issued === undefined || proved === undefined)
    throw new Error('a pair was put in place that nobody issued');
  const copied = copiedOut(out);
  return {
    json: { name, ...pairJson(issued), ...copied.json, applied, ...proofJson(proved) },
    text: `${pairText(`Issued the server pair of ${name}`, issued, io.now())}${copied.text}${stepText(proved.step)}${afterwardsText(applied)}`,
  };
}
