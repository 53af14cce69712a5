import { createAuthority, generateKeyPair, issueCertificate, planValidity } from '@docker-mtls/ca';
import type { Authority, Certificate } from '@docker-mtls/ca';
import type { EntryKind, LeafKind, NewCertificate, RegistryChange } from '../src/index.ts';
import { defaultProfile } from './profiles.ts';
import { NOW, OPERATOR } from './registry-file.ts';

const keyPair = generateKeyPair('ec-p256');
const ca = makeCa();

/** Records a certificate with the event that tells of it. Returns its serial. */
export async function insert(
  change: RegistryChange,
  kind: EntryKind,
  name: string,
  days = 100,
  changes: Partial<NewCertificate> = {},
): Promise<string> {
  const record = { ...newCertificate(kind, name, days), ...changes };
  const { serial } = record.certificate.info;
  await change.insertCertificate(record);
  await change.appendEvent({
    at: NOW,
    operator: OPERATOR,
    action: 'certificate.issued',
    serial,
    detail: { name },
  });
  return serial;
}

export function newCertificate(kind: EntryKind, name: string, days = 100): NewCertificate {
  const place = kind === 'server' || kind === 'client' ? { folder: name, folderKey: name } : {};
  return {
    certificate: issue(kind === 'server' ? 'server' : 'client', days),
    kind,
    name,
    ...place,
    operator: OPERATOR,
    now: NOW,
  };
}

function makeCa(): Authority {
  const profile = defaultProfile('ca');
  return createAuthority({ name: 'CA', profile, keyPair, validity: planValidity({ profile, now: NOW }) });
}

export function issue(kind: LeafKind, days = 100, groups: readonly string[] = []): Certificate {
  const profile = defaultProfile(kind);
  return issueCertificate(ca, {
    profile,
    commonName: 'x',
    groups,
    sans: kind === 'server' ? [{ kind: 'dns', value: 'localhost' }] : [],
    publicKey: generateKeyPair('ec-p256').publicKey,
    validity: planValidity({ profile, issuer: ca.certificate, now: NOW, lifetime: days * 86_400 }),
  });
}
