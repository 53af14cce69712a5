import type { Session } from '@docker-mtls/authority';
import { generateKeyPair, issueCertificate, planValidity, privateKeyToPem } from '@docker-mtls/ca';
import type { Authority, Certificate, Validity } from '@docker-mtls/ca';
import { makeStranger } from '@docker-mtls/proof';
import type { PairPem, Stranger } from '@docker-mtls/proof';

const MINUTE = 60_000;
const PROBE_LIFETIME_SECONDS = 10 * 60;

// Pairs that an engine must refuse. Their keys never leave the memory; what our own CA signs is on record like all else.

/** Clients that must be rejected, and that our own CA signs nothing for. */
export function strangersOfOthers(foreign: NonNullable<Stranger['pair']>): readonly Stranger[] {
  return [
    { kind: 'plain-http', who: 'anybody, over plain HTTP' },
    { kind: 'no-certificate', who: 'a client with no certificate' },
    { kind: 'foreign-ca', who: "a foreign CA's client of the same name", pair: foreign },
  ];
}

/** Good in everything but the CA, which calls itself the same as ours. */
export async function foreignClient({ reader, caller }: Session, name: string): Promise<PairPem> {
  const { info } = (await reader.authority()).certificate;
  return makeStranger(caller.now(), { ca: info.subject.commonName ?? 'CA', client: name });
}

/** From the first minute of our CA's life, long gone. */
export async function expiredClient(session: Session, name: string): Promise<PairPem> {
  const authority = await session.authority();
  const { notBefore } = authority.certificate.info;
  const validity = { notBefore, notAfter: new Date(notBefore.getTime() + MINUTE) };
  return recorded(session, { kind: 'client', name, authority, validity });
}

/** A server's certificate of our CA: good for an engine, not for a client. */
export async function serverAsClient(session: Session, name: string): Promise<PairPem> {
  const authority = await session.authority();
  return recorded(session, { kind: 'server', name, authority, validity: await shortly(session, authority) });
}

type Probe = {
  readonly kind: 'server' | 'client';
  readonly name: string;
  readonly authority: Authority;
  readonly validity: Validity;
};

async function shortly(session: Session, { certificate }: Authority): Promise<Validity> {
  const profile = await session.reader.profile('client');
  return planValidity({
    profile,
    lifetime: PROBE_LIFETIME_SECONDS,
    issuer: certificate,
    now: session.caller.now(),
  });
}

async function recorded(session: Session, probe: Probe): Promise<PairPem> {
  const { certificate, pair } = await makePair(session, probe);
  const { operator, now } = session.caller;
  await session.exclusive((store) => store.record({ kind: 'probe', certificate, operator, now: now() }));
  return pair;
}

async function makePair(
  session: Session,
  { kind, name, authority, validity }: Probe,
): Promise<{ readonly certificate: Certificate; readonly pair: PairPem }> {
  const key = generateKeyPair('ec-p256');
  const certificate = issueCertificate(authority, {
    profile: await session.reader.profile(kind),
    commonName: name,
    groups: [],
    sans: kind === 'server' ? [{ kind: 'dns', value: 'localhost' }] : [],
    publicKey: key.publicKey,
    validity,
  });
  return { certificate, pair: { certificate: certificate.pem, key: privateKeyToPem(key) } };
}
