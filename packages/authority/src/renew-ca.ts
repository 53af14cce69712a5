import { keptLifetime, planValidity, renewAuthority } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { keyIdOf } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { quote } from '@docker-mtls/errors';
import { counted, moment } from '@docker-mtls/text';
import { AuthorityError } from './error.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

export type CaRenewalOrder = {
  /** In seconds; as long as the one before where it is not given. */
  readonly lifetime?: number | undefined;
  /** May the CA end before certificates that it has issued? */
  readonly allowCutOff?: boolean;
};

export type RenewedCa = {
  readonly certificate: Certificate;
  /** The one before: what it has signed stays valid. */
  readonly former: Certificate;
};

/**
 * Gives the signing CA new dates: name and key stay, and so every certificate that it has issued. Works on a CA that has ended,
 * too. Code: `CA_ENDS_FIRST`.
 */
export async function renewCa(session: Session, order: CaRenewalOrder = {}): Promise<RenewedCa> {
  const { caller, reader } = session;
  return withCurrentCa(session, async () => {
    const authority = await session.authority();
    const former = authority.certificate;
    const profile = await reader.profile('ca');
    const validity = planValidity({
      profile,
      lifetime: order.lifetime ?? keptLifetime(former.info, profile.backdate),
      now: caller.now(),
    });
    const { certificate } = renewAuthority(authority, validity);
    await session.exclusive(async (store) => {
      if (order.allowCutOff !== true) await refuseEarlierEnd(store, certificate, former);
      await store.renewRoot({ certificate, operator: caller.operator, now: caller.now() });
    });
    return { certificate, former };
  });
}

const SHOWN = 10;

/** Who has the new certificate of the CA accepts nothing of it after its end, whatever the leaf says. */
async function refuseEarlierEnd(
  store: StoreReader,
  certificate: Certificate,
  former: Certificate,
): Promise<void> {
  const end = certificate.info.notAfter;
  if (end >= former.info.notAfter) return;
  const issued = await store.issuedBy(keyIdOf(certificate), end);
  const longer = issued.filter(({ notAfter }) => notAfter > end);
  if (longer.length === 0) return;
  const shown = longer
    .slice(0, SHOWN)
    .map(({ kind, name, notAfter }) => `${kind} ${quote(name)} (until ${moment(notAfter)})`);
  const more = longer.length > SHOWN ? `, and ${longer.length - SHOWN} more` : '';
  const what = counted(longer.length, 'certificate that it issued', 'certificates that it issued');
  throw new AuthorityError(
    'CA_ENDS_FIRST',
    `the CA would end on ${moment(end)}, before its present end, and before ${what}: ${shown.join(', ')}${more}`,
    { hint: 'choose more --days, or add --allow-cut-off if they may lose access then' },
  );
}
