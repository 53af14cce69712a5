import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';

import { readFile } from '@docker-mtls/files';
import { describe, expect, test } from '@jest/globals';
import { certificateFile, renderCredentials } from './credentials.ts';
import type { CiCredentials } from './ci-credentials.ts';
import { readExportedCertificate } from './exported-certificate.ts';
import { CI_TARGETS } from './target.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const ENGINE = { environment: 'uat', url: 'tcp://uat.example.com:2376' };
const CREDENTIALS = credentials();

function profileOf(kind: 'ca' | 'client'): ReturnType<typeof parseProfile> {
  const text = readFile(`${import.meta.dirname}/../../../certs-template/profiles/${kind}.json`).toString(
    'utf8',
  );
  return parseProfile(kind, JSON.parse(text));
}

function credentials(): CiCredentials {
  const caProfile = profileOf('ca');
  const profile = profileOf('client');
  const authority = createAuthority({
    name: 'A CA',
    profile: caProfile,
    keyPair: generateKeyPair('ec-p256'),
    validity: planValidity({ profile: caProfile, now: NOW }),
  });
  const keyPair = generateKeyPair('ec-p256');
  const certificate = issueCertificate(authority, {
    profile,
    commonName: 'ci-uat',
    sans: [],
    publicKey: keyPair.publicKey,
    validity: planValidity({ profile, issuer: authority.certificate, now: NOW }),
  });
  const { notAfter, fingerprint } = certificate.info;
  const pems = { ca: authority.certificate.pem, certificate: certificate.pem, key: privateKeyToPem(keyPair) };
  return { client: 'ci-uat', ...pems, notAfter, fingerprint };
}

describe.each([...CI_TARGETS])('for %s', (target) => {
  const files = renderCredentials(target, { ...CREDENTIALS, engine: ENGINE });

  test('commands name an IPv6 address so that no shell takes it for a pattern', () => {
    const engine = { environment: 'uat', url: 'tcp://[2001:db8::5]:2376' };
    const readme = renderCredentials(target, { ...CREDENTIALS, engine }).at(-1)?.data ?? '';
    const commands = readme.split('\n').filter((line) => line.startsWith('    '));
    expect(commands.join('\n')).toContain(`'uat=${engine.url}'`);
    expect(commands.join('\n')).not.toContain(` ${engine.url}`);
  });

  test('only files that say so hold the key', () => {
    const [body = ''] = /(?<=-\n)[\s\S]{40}/u.exec(CREDENTIALS.key) ?? [];
    for (const { data, secret } of files.filter((each) => !each.secret)) {
      expect({ secret, holdsKey: data.includes(body) || data.includes('PRIVATE') }).toEqual({
        secret,
        holdsKey: false,
      });
    }
    expect(files.filter(({ secret }) => secret)).toHaveLength(1);
  });

  test('the same input makes the same files', () => {
    expect(renderCredentials(target, { ...CREDENTIALS, engine: ENGINE })).toEqual(files);
  });

  test('the README says whose they are, until when, and how to renew them', () => {
    const readme = files.find(({ name }) => name === 'README.md')?.data;
    expect(readme).toContain('# ci-uat, for uat (tcp://uat.example.com:2376): credentials for ');
    expect(readme).toContain('Good until 2027-01-01 00:00 UTC.');
    expect(readme).toContain(CREDENTIALS.fingerprint);
    expect(readme).toContain(
      `docker-mtls ci export ci-uat --for ${target} --engine uat=tcp://uat.example.com:2376\n`,
    );
  });

  test.each([ENGINE, undefined])('a later export finds the certificate of an earlier one', (engine) => {
    const name = certificateFile(target, engine);
    const file = renderCredentials(target, { ...CREDENTIALS, engine }).find((each) => each.name === name);
    const found = readExportedCertificate(target, Buffer.from(file?.data ?? ''));
    expect(found?.info.fingerprint).toBe(CREDENTIALS.fingerprint);
  });

  test.each(['', 'nonsense', 'H4sIAAAA', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'there is no certificate in %j',
    (text) => {
      expect(readExportedCertificate(target, Buffer.from(text))).toBeUndefined();
    },
  );
});
