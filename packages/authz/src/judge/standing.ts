import path from 'node:path';
import { readTrustedRoots } from '@docker-mtls/ca';
import { readFileIfExists } from '@docker-mtls/files';
import type { Policy, Subject } from '@docker-mtls/policy';
import { locksFile, readLocks } from '../identity/change-locks.ts';
import { clientReader } from '../identity/client.ts';
import { parseRevocations } from '../identity/revocations.ts';
import { LARGEST_LIST_IN_FORCE } from '../settings/kept-state.ts';
import type { Settings } from '../settings/settings.ts';
import { identify, lockOn } from './identify.ts';
import type { Identity } from './identify.ts';

/** A client as far as it is known: its certificate as PEM, or what a policy sees of it. */
export type KnownClient = { readonly subject: Subject; readonly certificate: string | undefined };

export type Standing = {
  /** Why the plugin serves nobody under that name now. Undefined: nothing that was found keeps it out. */
  readonly refusal: Pick<Extract<Identity, { kind: 'refused' }>, 'rule' | 'reason'> | undefined;
  /** Its certificate, the CAs and the revocation lists were looked at, and not the locks alone. */
  readonly isComplete: boolean;
};

/**
 * Whether a plugin serves a client at all, whatever its policy says: by the CAs, the revocation lists and the locks next to that
 * policy, where `authz install` puts them. `now` is in milliseconds since 1970. Codes: those of the files.
 */
export async function standingOf(
  policyFile: string,
  policy: Policy,
  { known, now }: { readonly known: KnownClient; readonly now: number },
): Promise<Standing> {
  const { subject, certificate } = known;
  const locks = readLocks(locksFile(policyFile));
  const files = certificate === undefined ? undefined : await filesNextTo(policyFile);
  if (subject.kind === 'certificate' && (certificate === undefined || files === undefined)) {
    const reason = lockOn({ ...subject, serial: '' }, { settings: { policy, locks }, now });
    return { refusal: reason === undefined ? undefined : { rule: 'locked', reason }, isComplete: false };
  }
  const identity = identify(callOf(certificate), { ...NO_FILES, ...files, policy, locks }, now);
  return { refusal: identity.kind === 'refused' ? identity : undefined, isComplete: true };
}

const NO_FILES: Pick<Settings, 'readClient' | 'revocations'> = {
  readClient: clientReader([]),
  revocations: undefined,
};

async function filesNextTo(policyFile: string): Promise<typeof NO_FILES | undefined> {
  const read = (name: string): Buffer | undefined =>
    readFileIfExists(path.join(path.dirname(policyFile), name), LARGEST_LIST_IN_FORCE);
  const [roots, lists] = [read('ca.pem'), read('crl.pem')];
  if (roots === undefined) return undefined;
  const { certificates } = readTrustedRoots(roots);
  const revocations = lists && (await parseRevocations(lists, certificates));
  return { readClient: clientReader(certificates), revocations };
}

/** As the engine shows a client: without a certificate, one of the unix socket. */
function callOf(certificate: string | undefined): Parameters<typeof identify>[0] {
  return certificate === undefined
    ? { isTls: false, certificates: [] }
    : { isTls: true, certificates: [Buffer.from(certificate).toString('base64')] };
}
