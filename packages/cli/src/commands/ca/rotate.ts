import {
  planPreparation,
  planRetirement,
  planSwitch,
  prepareRotation,
  retireRotation,
  rotationStatus,
  switchRotation,
} from '@docker-mtls/authority/rotation';
import type { RotationKey, RotationStatus } from '@docker-mtls/authority/rotation';
import { validityState } from '@docker-mtls/ca';
import { watchBindings } from '@docker-mtls/secure/bindings';
import { moment } from '@docker-mtls/text';
import { installedPolicies } from '../../authz/installed.ts';
import { withLostBindings } from '../../authz/lost-bindings.ts';
import { nextCommand } from '../../ca/next-command.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { keyTypeOf, lifetimeOf } from '../../command-line/order.ts';
import type { Io } from '../../io/io.ts';
import { handOutHere } from './hand-out-here.ts';
import { preparationReport, retirementReport, statusReport } from './rotate-report.ts';

// Each stage is a command of its own: engines and clients have to have what it hands out before the next one.

/** Has a new key trusted everywhere, which does not sign yet. */
export function runRotatePrepare(args: Args, io: Io): Promise<Report> {
  const order = { keyType: keyTypeOf(args), lifetime: lifetimeOf(args) };
  return withCliSession(args, io, async (session) => {
    const plan = await planPreparation(session.reader, order);
    if (isDryRun(args)) return preparationReport(plan, session.reader);
    await prepareRotation(session, plan);
    const report = await reportStatus(session, args, await rotationStatus(session.reader, io.now()));
    return handOutHere(session, report);
  });
}

/** Has the new key sign. */
export function runRotateSwitch(args: Args, io: Io): Promise<Report> {
  return withCliSession(args, io, async (session) => {
    const { reader } = session;
    const status = isDryRun(args) ? await planSwitch(reader, io.now()) : await switchRotation(session);
    const next = isDryRun(args) ? status.other : status.signing;
    if (next !== undefined) warnOfNoSigning(next, args, io);
    return reportStatus(session, args, status);
  });
}

/** A key that was prepared long ago, or by a clock that was ahead, signs nothing before it has other dates. */
function warnOfNoSigning({ certificate: { info } }: RotationKey, args: Args, io: Io): void {
  const state = validityState(info, io.now());
  if (state !== 'expired' && state !== 'not-yet-valid') return;
  const what = state === 'expired' ? `ended ${moment(info.notAfter)}` : `begins ${moment(info.notBefore)}`;
  const renew = nextCommand('docker-mtls ca renew', args);
  io.note(`warning: the certificate of the new key ${what}, so nothing can be issued before ${renew}`);
}

/** How far it is, and who still has a certificate of the old key. */
export function runRotateStatus(args: Args, io: Io): Promise<Report> {
  return withCliSession(args, io, async (session) =>
    reportStatus(session, args, await rotationStatus(session.reader, io.now())),
  );
}

/** Has the old key not be trusted any more. */
export function runRotateRetire(args: Args, io: Io): Promise<Report> {
  const names = args.list('name');
  return withCliSession(args, io, async (session) => {
    const { reader } = session;
    const { holders } = await rotationStatus(reader, io.now());
    const serials = holders.map(({ serial }) => serial);
    const lost = await watchBindings(session, () => installedPolicies(io)).wouldLose(serials, 'gone');
    const retirement = isDryRun(args)
      ? await planRetirement(reader, names, io.now())
      : await retireRotation(session, names);
    const report = await retirementReport(retirement, {
      reader,
      args,
      now: io.now(),
      isDryRun: isDryRun(args),
    });
    return withLostBindings(isDryRun(args) ? report : await handOutHere(session, report), lost);
  });
}

/** With the bindings by the old key: no certificate of the new one matches them. */
async function reportStatus(session: CliSession, args: Args, status: RotationStatus): Promise<Report> {
  const { reader, io } = session;
  const report = await statusReport(status, { reader, args, now: io.now(), isDryRun: isDryRun(args) });
  const next = status.stage === 'prepared' ? status.other : status.signing;
  if (status.stage === 'none' || next === undefined) return report;
  return withLostBindings(
    report,
    await watchBindings(session, () => installedPolicies(io)).wouldLoseToKey(next.keyId),
  );
}

function isDryRun(args: Args): boolean {
  return args.flag('dry-run') === true;
}
