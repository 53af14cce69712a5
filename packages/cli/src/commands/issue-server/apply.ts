import { preparePair, requireCurrent } from '@docker-mtls/authority';
import type { IssuedPair, PairOrder, PreparedPair } from '@docker-mtls/authority';
import { readCertificates } from '@docker-mtls/ca';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import {
  effect,
  listensOf,
  noSystemd,
  readUnit,
  recoverEngine,
  refuseCutOff,
  renewEngine,
  sanValues,
} from '@docker-mtls/engine';
import type { HostUnit } from '@docker-mtls/engine';
import { readFile } from '@docker-mtls/files';
import { applyProof, cutOffOrder, layoutFiles, pairChange, requireServed } from '@docker-mtls/secure';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { checkOut, copyOut, outFolder } from '../../pair/copy-out.ts';
import type { CopiedOut } from '../../pair/copy-out.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import type { Io } from '../../io/io.ts';
import { cutOffOf, engineCallerOf, engineOf, liveRestoreOf, swarmOf } from '../../engine/engine-order.ts';
import { pairJson, pairText } from '../../pair/pair-report.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { stepText } from '../../engine/step-report.ts';

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
  const { reader } = session;
  const liveRestore = liveRestoreOf(args);
  const engine = await requireServed({ config, name, reader });
  checkOut(args, io, { kind: 'server', withKey: true, caDirectory: reader.directory, force: true });
  const current = (): ReturnType<typeof requireCurrent> => requireCurrent(reader, 'server', name);
  const listens = listensOf(unit, config);
  const proof = await applyProof(session, async () => ({
    server: await current(),
    listens,
    config,
    own: io.machine().addresses,
  }));
  const prepared = await preparePair(session, order);
  await refuseLostNames({ args, io, session, engine }, prepared);
  let done: { readonly issued: IssuedPair; readonly copied: CopiedOut } | undefined;
  const copy = async (issued: IssuedPair | undefined): Promise<void> => {
    if (issued !== undefined)
      done = { issued, copied: copyOut(args, io, { ...issued, to: layoutFiles('server', 'flat') }) };
  };
  const pair = await pairChange({
    session,
    out: outFolder(args, io),
    name,
    engine,
    staysThere: true,
    prepared,
    copy,
  });
  const applied = await renewEngine(
    unit,
    { config, liveRestore, pair, prove: proof.prove, ...swarmOf(args, 'allow-quorum-loss') },
    engineCallerOf(io),
  );
  const proved = proof.last();
  if (done === undefined || proved === undefined)
    throw new Error('a pair was put in place that nobody issued');
  const { issued, copied } = done;
  return {
    json: { name, ...pairJson(issued), ...copied.json, applied, ...proofJson(proved) },
    text: `${pairText(`Issued the server pair of ${name}`, issued, io.now())}${copied.text}${stepText(proved.step)}${afterwardsText(applied)}`,
  };
}

type Replaced = Pick<Renewal, 'args' | 'io' | 'session'> & { readonly engine: EngineFiles };

/** A new certificate without a name of the one before cuts off the clients that use it. Throws `HOST_CUTS_OFF`. */
async function refuseLostNames(
  { args, io, session, engine }: Replaced,
  { certificate }: PreparedPair,
): Promise<void> {
  const { reader } = session;
  const [shown] = readCertificates(readFile(engine.certificate));
  if (shown === undefined || shown.info.notAfter <= io.now()) return;
  const { roots: authorities } = await reader.authority();
  const before = { addresses: [], names: sanValues(shown), authorities };
  const after = { ...before, names: sanValues(certificate) };
  await refuseCutOff(
    effect(before, after),
    before,
    cutOffOrder({ insistence: cutOffOf(args), reader, now: io.now() }),
  );
}
