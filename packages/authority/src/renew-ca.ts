import { keptLifetime, planValidity, renewAuthority } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

export type RenewedCa = {
  readonly certificate: Certificate;
  /** The one before: what it has signed stays valid. */
  readonly former: Certificate;
};

/**
 * Gives the signing CA new dates: name and key stay, and so every certificate that it has issued. `lifetime` in seconds; as
 * long as the one before where it is not given. Works on a CA that has ended, too.
 */
export async function renewCa(session: Session, lifetime?: number): Promise<RenewedCa> {
  const { caller, reader } = session;
  return withCurrentCa(session, async () => {
    const authority = await session.authority();
    const former = authority.certificate;
    const profile = await reader.profile('ca');
    const validity = planValidity({
      profile,
      lifetime: lifetime ?? keptLifetime(former.info, profile.backdate),
      now: caller.now(),
    });
    const { certificate } = renewAuthority(authority, validity);
    await session.exclusive((store) =>
      store.renewRoot({ certificate, operator: caller.operator, now: caller.now() }),
    );
    return { certificate, former };
  });
}
