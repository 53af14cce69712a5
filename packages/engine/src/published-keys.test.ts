import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { readCertificate } from '@docker-mtls/ca';
import { parseDaemonConfig } from '@docker-mtls/daemon-config';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../test/support/test-ca.ts';
import { publishedWarnings } from './published-engine-keys.ts';
import { publishedWarning } from './published-keys.ts';

let folder: string;
let server: Buffer;

beforeAll(() => {
  folder = temporaryFolder();
  const { authority, pem } = makeAuthority('CA', 'ec-p256');
  const { certificate } = issuePair(authority, 'server', { name: 'node1', sans: ['node1'] });
  server = readCertificate(certificate).info.publicKey;
  fs.writeFileSync(file('ca.pem'), pem);
  fs.writeFileSync(file('server-cert.pem'), certificate);
});

function warnings(names: readonly [string, string], published: readonly Buffer[] = []): readonly string[] {
  const [tlscacert, tlscert] = names;
  const text = JSON.stringify({ tls: true, tlscacert, tlscert, tlskey: '/k.pem' });
  // The book's own certificates are not here: these stand for them.
  const lookUp = (key: Buffer): string | undefined =>
    published.some((each) => each.equals(key)) ? 'a book' : undefined;
  return publishedWarnings(parseDaemonConfig(Buffer.from(text)), lookUp);
}

function file(name: string): string {
  return path.join(folder, name);
}

test('certificates with public keys are called compromised, each by its name', () => {
  expect(warnings([file('ca.pem'), file('server-cert.pem')], [server])).toEqual([
    expect.stringMatching(/server-cert\.pem was compromised from the start.*in a book/),
  ]);
  expect(publishedWarning(file('server-cert.pem'), () => 'a book')).toHaveLength(1);
});

test('there is no warning of other certificates, or of files that cannot be read', () => {
  expect(warnings([file('ca.pem'), file('server-cert.pem')])).toEqual([]);
  expect(warnings(['/no/such.pem', folder])).toEqual([]);
  fs.writeFileSync(file('odd.pem'), 'no certificate');
  expect(publishedWarning(file('odd.pem'), () => 'a book')).toEqual([]);
});

test('the folder of the book is suspected when it cannot be read', () => {
  expect(warnings(['/diamol-certs/ca.pem', file('server-cert.pem')])).toEqual([
    expect.stringContaining('/diamol-certs/ca.pem is where a book'),
  ]);
});
