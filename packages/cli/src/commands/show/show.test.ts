import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {
  createCertificationRequest,
  createCrl,
  generateKeyPair,
  issueCertificate,
  openAuthority,
  planValidity,
  readCertificate,
  readKeyPair,
} from '@docker-mtls/ca';
import { openStore, readStore } from '@docker-mtls/ca-directory';
import type { AuthorityFiles } from '@docker-mtls/ca-directory';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
let ca: TestCa;
let pem: string;
let key: string;

beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice', '--days', '30'], ['issue-server', 'node1']);
  const { directory = '' } = await ca.current('client', 'alice');
  pem = fs.readFileSync(path.join(directory, 'cert.pem'), 'utf8');
  key = fs.readFileSync(path.join(directory, 'key.pem'), 'utf8');
});

async function shown(name: string, content: string | Buffer): Promise<string> {
  fs.writeFileSync(path.join(ca.folder, name), content);
  const { stdout, stderr } = await ca.run('show', `./${name}`);
  return `${String(stdout)}${stderr}`;
}

describe('a file', () => {
  test.each(['ca.der', 'ca.cer', 'ca.crt', 'ca.bin'])(
    'in DER is read, whatever its name: %s',
    async (name) => {
      expect(await shown(name, readCertificate(pem).der)).toMatch(/^CN=alice\n/);
    },
  );

  test('with a key inside is explained without the key', async () => {
    const text = await shown('both.pem', pem + key);
    expect(text).toMatch(/^CN=alice\n[^]*\nprivate key, not shown: ec-p256\n$/);
    for (const line of key.split('\n').slice(1, -2)) expect(text).not.toContain(line);
  });

  test('of a key alone is named', async () => {
    expect(await shown('key.pem', key)).toBe('private key, not shown: ec-p256\n');
  });

  test('with an encrypted key says that Docker cannot use it', async () => {
    const options = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const encrypted = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export(options)
      .toString();
    expect(await shown('encrypted.pem', encrypted)).toContain('neither docker nor dockerd can use it');
  });

  test.each(['pkcs8', 'sec1'] as const)('of a key alone in DER, as %s, is named', async (type) => {
    const der = createPrivateKey(key).export({ format: 'der', type });
    expect(await shown('key.der', der)).toBe('private key, not shown: ec-p256, in DER: docker wants PEM\n');
    const lock = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const locked = createPrivateKey(key).export({ format: 'der', type: 'pkcs8', ...lock });
    expect(await shown('locked.der', locked)).toContain('encrypted: neither docker nor dockerd can use it');
  });

  test('as PKCS#12 is named', async () => {
    fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse battery', { mode: 0o600 });
    await ca.run('bundle', 'alice', '--p12', '--bundle-passphrase-file', 'phrase');
    const content = fs.readFileSync(path.join(ca.folder, 'alice.p12'));
    expect(await shown('some.p12', content)).toMatch(/^PKCS#12 file, not opened/);
  });

  test.each(['pem', 'der'] as const)('with a request in %s is explained', async (form) => {
    const request = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'dora' });
    expect(await shown(`dora.${form}`, request[form])).toContain('certificate request: CN=dora, ec-p256');
  });

  test.each(['pem', 'der'] as const)('with a revocation list in %s is explained', async (form) => {
    const reader = await readStore(path.join(ca.folder, 'ca'));
    const { certificate, keyPem } = await reader.authority();
    await reader.close();
    const authority = openAuthority(certificate, readKeyPair(keyPem));
    const crl = createCrl(authority, {
      number: 1n,
      thisUpdate: NOW,
      nextUpdate: new Date(NOW.getTime() + DAY),
      revoked: [],
    });
    expect(await shown(`list.${form}`, crl[form])).toMatch(/^revocation list of CN=.*: 0 certificates\n$/);
  });

  test('that holds nothing of the kind is refused', async () => {
    expect(await shown('x.txt', 'hello')).toContain('it is neither PEM nor DER');
  });
});

describe('the state', () => {
  test.each([
    { days: -1, says: 'not valid yet, starts in' },
    { days: 1, says: ': ends in 29 days\n' },
    { days: 25, says: 'ends in 5 days, so it is time to renew it' },
    { days: 31, says: 'expired' },
  ])('after $days days: $says', async ({ days, says }) => {
    const io = { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) };
    expect(String((await main(['show', 'alice'], io)).stdout)).toContain(says);
  });

  test('stands next to the kind of what was issued here', async () => {
    await ca.run('issue-client', 'bob');
    await ca.run('issue-client', 'bob', '--force');
    expect(String((await ca.run('show', 'bob')).stdout)).toMatch(/^CN=bob \(client, valid\)\n/);
    const serial = (
      JSON.parse(String((await ca.run('list', '--state', 'replaced', '--json')).stdout)) as {
        certificates: { serial: string }[];
      }
    ).certificates[0]?.serial;
    expect(String((await ca.run('show', String(serial))).stdout)).toMatch(/^CN=bob \(client, replaced\)\n/);
  });
});

describe('probes', () => {
  test('are hidden under a name, and shown with --all or by their serial number', async () => {
    const probe = await ca.run('show', 'carol');
    expect(probe.exitCode).toBe(1);
    await ca.run('issue-client', 'carol');
    const entry = await ca.current('client', 'carol');
    const { certificate, keyPem } = await readAuthority();
    const authority = openAuthority(certificate, readKeyPair(keyPem));
    const store = await openStore(path.join(ca.folder, 'ca'));
    const profile = await store.profile('client');
    const made = issueCertificate(authority, {
      profile,
      commonName: 'carol',
      groups: [],
      sans: [],
      publicKey: entry.certificate().info.publicKey,
      validity: planValidity({ profile, issuer: certificate, now: NOW }),
    });
    await store.record({ kind: 'probe', certificate: made, operator: 'x', now: NOW });
    await store.close();
    const counted = async (...words: readonly string[]): Promise<number> =>
      String((await ca.run('show', ...words)).stdout).split('CN=carol (').length - 1;
    expect(await counted('carol')).toBe(1);
    expect(await counted('carol', '--all')).toBe(2);
    expect(await counted(made.info.serial)).toBe(1);
  });
});

async function readAuthority(): Promise<AuthorityFiles> {
  const reader = await readStore(path.join(ca.folder, 'ca'));
  try {
    return await reader.authority();
  } finally {
    await reader.close();
  }
}
