import { listIssuer, planRevocation, revoke } from '@docker-mtls/authority/revocation';
import type { FoundTarget, RevocationPlan, RevokeOrder } from '@docker-mtls/authority/revocation';
import type { RevocationReason } from '@docker-mtls/ca';
import { MtlsError } from '@docker-mtls/errors';
import { awaitDenials, deliverLists } from '@docker-mtls/secure/lists';
import { counted } from '@docker-mtls/text';
import { installedPolicies } from '../../authz/installed.ts';
import { lostText, withLostBindings } from '../../authz/lost-bindings.ts';
import { watchBindings } from '@docker-mtls/secure/bindings';
import type { LostBinding } from '@docker-mtls/secure/bindings';
import { nextCommand } from '../../ca/next-command.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { parsePushTarget } from '../crl/push-target.ts';
import { withPushed } from '../crl/with-pushed.ts';
import { revokedReport, targetText } from './report.ts';
import { subjectOf } from './subject.ts';

/** Revokes certificates and says who goes by that, and who does not. */
export function run(args: Args, io: Io): Promise<Report> {
  const targets = args.list('push').map((text) => parsePushTarget(text, io));
  return withCliSession(args, io, async (session) => {
    const { reader } = session;
    const order: RevokeOrder = {
      subject: await subjectOf(args, io, reader),
      reason: (args.text('reason') ?? 'unspecified') as RevocationReason,
      keepFiles: args.flag('keep-files') === true,
    };
    const plan = await planRevocation(reader, order, io.now());
    const bindings = watchBindings(session, () => installedPolicies(io));
    const lost = await bindings.wouldLose(
      plan.revoking.map(({ serial }) => serial),
      'gone',
    );
    await confirm(args, io, plan, lost);
    const begun = performance.now();
    const revoked = await revoke(session, order);
    const list = revoked.lists[0] ?? (await reader.revocationList(await listIssuer(reader)));
    const report = await revokedReport(
      { ...revoked, list },
      {
        order,
        reader,
        now: io.now(),
        inCa: (command) => nextCommand(command, args),
      },
    );
    const pushed = await deliverLists({ directory: reader.directory, targets }, io.env);
    const { directory } = reader;
    return withPushed(
      withLostBindings(report, lost),
      await awaitDenials(pushed, { directory, begun }, io.env),
    );
  });
}

/** Revoking cannot be undone, so it is asked for twice; what was revoked before asks nothing. */
async function confirm(
  args: Args,
  io: Io,
  { revoking }: RevocationPlan,
  lost: readonly LostBinding[],
): Promise<void> {
  if (args.flag('yes') === true || revoking.length === 0) return;
  if (io.askYes === undefined)
    throw new UsageError(
      `${counted(revoking.length, 'certificate', 'certificates')} would be revoked, and there is no terminal to ask on`,
      'add --yes',
    );
  const lines = revoking.map((target: FoundTarget) => targetText(target, io.now()));
  const question = `${lines.join('')}${lostText(lost)}Revoke ${revoking.length === 1 ? 'it' : 'them'}? It cannot be undone.`;
  if (await io.askYes(question)) return;
  throw new MtlsError('NOT_CONFIRMED', 'nothing was revoked', { hint: 'answer y, or use --yes' });
}
