import type { Certificate } from '@docker-mtls/ca';
import { escapeUnprintable } from '@docker-mtls/errors';
import type { Who } from '@docker-mtls/audit/log';
import { grantsOf } from '@docker-mtls/policy';
import type { CertificateSubject, Subject } from '@docker-mtls/policy';
import type { VerifiedClient, ValidityPeriod } from '../identity/client.ts';
import { isInForce } from '../identity/locks.ts';
import type { Lock } from '../identity/locks.ts';
import type { EngineCall } from '../protocol/call.ts';
import type { Settings } from '../settings/settings.ts';
import { LOCAL, whoOf } from './judgement.ts';

/** Who sent a request; or why nobody is served under that name now. */
export type Identity =
  | { readonly kind: 'known'; readonly subject: Subject; readonly who: Who }
  | {
      readonly kind: 'refused';
      readonly who: Who;
      readonly name: string;
      readonly rule: 'identity' | 'dates' | 'revoked' | 'locked' | 'list';
      readonly reason: string;
    };

const UNKNOWN: Who = { unknown: true };

/** From certificate [0] alone: the others are whatever the client added. `now` is in milliseconds since 1970. */
export function identify(
  call: Pick<EngineCall, 'isTls' | 'certificates'>,
  settings: Settings,
  now: number,
): Identity {
  const [certificate] = call.certificates;
  if (certificate === undefined) {
    if (call.isTls)
      return refuse('identity', 'its certificate is missing', { who: UNKNOWN, name: 'a client' });
    return identifyLocal(settings, now);
  }
  if (!call.isTls) {
    return refuse('identity', 'the engine did not verify its certificate', {
      who: UNKNOWN,
      name: 'a client',
    });
  }
  const reading = settings.readClient(certificate);
  if (reading.kind === 'refused') return refuse('identity', reading.reason, whoSays(reading.certificate));
  const { client } = reading;
  const whose = { who: whoOf(client), name: client.commonName };
  const dates = wrongDates(client, now);
  if (dates !== undefined) return refuse('dates', dates, whose);
  const list = revocationProblem(client, settings, now);
  if (list !== undefined) return refuse(list.rule, list.reason, whose);
  const lock = lockOn(client, { settings, now });
  if (lock !== undefined) return refuse('locked', lock, whose);
  return { kind: 'known', subject: client, who: whose.who };
}

function identifyLocal({ policy, locks }: Settings, now: number): Identity {
  const who: Who = { local: true };
  const lock = locks.find(
    (each) => isInForce(each, now) && each.target.kind === 'role' && each.target.value === policy.local,
  );
  if (lock !== undefined) return refuse('locked', lockText(lock), { who, name: 'a local client' });
  return { kind: 'known', subject: LOCAL, who };
}

type Rule = Extract<Identity, { kind: 'refused' }>['rule'];
type Whose = { readonly who: Who; readonly name: string };

function refuse(rule: Rule, reason: string, whose: Whose): Identity {
  return { kind: 'refused', rule, reason, ...whose };
}

/** What a certificate says that no CA of this engine vouches for. */
function whoSays(certificate: Certificate | undefined): Whose {
  if (certificate === undefined) return { who: UNKNOWN, name: 'a client' };
  const { subject, serial, fingerprint, authorityKeyId = '' } = certificate.info;
  const { commonName = '', organizationalUnits: ou } = subject;
  const name = escapeUnprintable(commonName).slice(0, 128);
  return {
    who: { cn: name, ou: ou.map(escapeUnprintable), serial, fingerprint, issuer: authorityKeyId },
    name: name === '' ? 'a client' : name,
  };
}

function wrongDates({ validity, issuers }: VerifiedClient, now: number): string | undefined {
  if (now < validity.from) return 'its certificate is not valid yet';
  if (now >= validity.until) return 'its certificate has expired';
  return issuers.some((each) => isWithin(each, now))
    ? undefined
    : 'the certificate of its CA is not valid now';
}

function isWithin({ from, until }: ValidityPeriod, now: number): boolean {
  return now >= from && now < until;
}

function revocationProblem(
  { issuerKey, serial }: VerifiedClient,
  { revocations, policy }: Settings,
  now: number,
): { readonly rule: Rule; readonly reason: string } | undefined {
  const list = revocations?.get(issuerKey);
  if (list?.revoked.has(serial) === true) return { rule: 'revoked', reason: 'its certificate is revoked' };
  if (policy.crl.stale === 'warn') return undefined;
  const isCurrent = list?.nextUpdate !== undefined && now < list.nextUpdate;
  return isCurrent ? undefined : { rule: 'list', reason: 'there is no current revocation list of its CA' };
}

type Lockable = CertificateSubject & Pick<VerifiedClient, 'serial'>;
type Context = {
  readonly settings: Pick<Settings, 'policy' | 'locks'>;
  readonly now: number;
};

/** What the first lock that is for a client says. */
export function lockOn(client: Lockable, context: Context): string | undefined {
  const lock = context.settings.locks.find(
    (each) => isInForce(each, context.now) && holds(each, client, context),
  );
  return lock && lockText(lock);
}

function holds(
  { target: { kind, value } }: Lock,
  client: Lockable,
  { settings: { policy }, now }: Context,
): boolean {
  if (kind === 'serial') return client.serial === value;
  if (kind === 'name') return client.commonName === value;
  if (kind === 'fingerprint') return client.fingerprint === value;
  return grantsOf({ policy, subject: client, now }).some(({ role }) => role.name === value);
}

function lockText({ target, reason, until }: Lock): string {
  const what = target.kind === 'role' ? `the role ${target.value}` : 'it';
  const end = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
  return `${what} is locked${end}${reason === '' ? '' : ` (${reason})`}`;
}
