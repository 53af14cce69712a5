import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestCaWith } from '../../packages/cli/testing/make-ca.ts';
import type { TestCa } from '../../packages/cli/testing/make-ca.ts';
import { cachedTool } from '../support/cache.ts';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { output, run } from '../support/run.ts';
import { tlsRequest } from '../support/tls-client.ts';
import type { TlsAnswer } from '../support/tls-client.ts';
import { nginx, opensslServer } from '../support/tls-servers.ts';

// The list that `revoke` leaves, as other programs take it: alice is revoked, and bob is not.

let ca: TestCa;
let files: { readonly ca: string; readonly certificate: string; readonly key: string };
let crl: string;
/** alice's certificate and key as she has them, and bob's. */
const pairs: Record<string, { readonly certificate: string; readonly key: string }> = {};

beforeAll(async () => {
  ca = await makeTestCaWith({ now: () => new Date() }, [
    ['issue-server', 'localhost'],
    ['issue-client', 'alice'],
    ['issue-client', 'bob'],
  ]);
  const read = (name: string, file: string): string =>
    fs.readFileSync(path.join(ca.folder, 'ca/clients', name, file), 'utf8');
  for (const name of ['alice', 'bob']) {
    pairs[name] = { certificate: read(name, 'cert.pem'), key: read(name, 'key.pem') };
    fs.writeFileSync(path.join(ca.folder, `${name}.pem`), read(name, 'cert.pem'));
  }
  const server = path.join(ca.folder, 'ca/servers/localhost');
  files = {
    ca: path.join(ca.folder, 'ca/ca.pem'),
    certificate: path.join(server, 'server-cert.pem'),
    key: path.join(server, 'server-key.pem'),
  };
  crl = path.join(ca.folder, 'ca/crl.pem');
  const { exitCode, stderr } = await ca.run('revoke', 'alice', '--yes', '--reason', 'keyCompromise');
  if (exitCode !== 0) throw new Error(stderr);
});

const copyOf = (name: string): string => path.join(ca.folder, `${name}.pem`);

describeNeeding(['openssl'], 'OpenSSL', () => {
  test('finds the list signed by the CA, and refuses the revoked certificate alone', async () => {
    const verified = await run('openssl', ['crl', '-in', crl, '-noout', '-verify', '-CAfile', files.ca]);
    expect(verified.stderr).toMatch(/verify OK/u);
    const text = await output('openssl', ['crl', '-in', crl, '-noout', '-text']);
    expect(text).toMatch(/X509v3 CRL Number: *\n +2\n[^]*X509v3 CRL Reason Code: *\n +Key Compromise/u);
    const verify = (name: string) =>
      run('openssl', [
        'verify',
        '-x509_strict',
        '-crl_check',
        '-CAfile',
        files.ca,
        '-CRLfile',
        crl,
        copyOf(name),
      ]);
    expect((await verify('alice')).stderr).toMatch(/certificate revoked/u);
    expect(await verify('bob')).toMatchObject({ code: 0 });
  });
});

describeNeeding(['certtool'], 'GnuTLS', () => {
  test('finds the list signed by the CA, and refuses the revoked certificate alone', async () => {
    const list = ['--verify-crl', '--load-ca-certificate', files.ca, '--infile', crl];
    expect(await run('certtool', list)).toMatchObject({ code: 0 });
    const verify = (name: string) =>
      run('certtool', [
        '--verify',
        '--load-ca-certificate',
        files.ca,
        '--load-crl',
        crl,
        '--infile',
        copyOf(name),
      ]);
    expect((await verify('alice')).stdout).toMatch(/certificate chain is revoked/u);
    expect((await verify('bob')).stdout).toMatch(/Verified\./u);
  });
});

describeNeeding(['tools of NSS'], 'NSS', () => {
  test('imports the list, and refuses the revoked certificate alone', async () => {
    const folder = path.join(ca.folder, 'nss');
    fs.mkdirSync(folder);
    const database = ['-d', `sql:${folder}`];
    await output('certutil', ['-N', ...database, '--empty-password']);
    await output('certutil', ['-A', ...database, '-n', 'ca', '-t', 'CT,C,C', '-i', files.ca]);
    for (const name of ['alice', 'bob'])
      await output('certutil', ['-A', ...database, '-n', name, '-t', ',,', '-i', copyOf(name)]);
    const der = path.join(ca.folder, 'list.der');
    expect((await ca.run('crl', '-o', der, '--der')).exitCode).toBe(0);
    await output('crlutil', ['-I', ...database, '-i', der]);
    const verify = (name: string) => run('certutil', ['-V', ...database, '-n', name, '-u', 'C']);
    expect((await verify('alice')).stdout).toMatch(/revoked/u);
    expect((await verify('bob')).stdout).toMatch(/certificate is valid/u);
  });
});

describeNeeding(['zlint'], 'zlint', () => {
  test('has nothing to say about the list', async () => {
    const sources = ['CABF_BR', 'CABF_EV', 'CABF_SMIME_BR', 'Mozilla', 'Apple', 'ETSI_ESI'];
    const printed = await output(cachedTool('zlint') ?? '', ['-excludeSources', sources.join(','), crl]);
    const verdicts = Object.values(JSON.parse(printed) as Record<string, { readonly result: string }>);
    expect(verdicts.filter(({ result }) => result === 'pass').length).toBeGreaterThan(0);
    expect(verdicts.filter(({ result }) => !['pass', 'NA', 'NE'].includes(result))).toEqual([]);
  });
});

/** What each of the two is answered on a port. */
async function answers(port: number): Promise<readonly TlsAnswer[]> {
  const roots = fs.readFileSync(files.ca, 'utf8');
  const asked = ['alice', 'bob'].map((name) => {
    const pair = pairs[name];
    return tlsRequest({ port, ca: roots, ...(pair && { pair }) });
  });
  return Promise.all(asked);
}

const SERVED = { status: 200, body: 'OK' };

describe('node:tls', () => {
  test('with the list refuses the revoked client alone', async () => {
    const [cert, key, roots, list] = [files.certificate, files.key, files.ca, crl].map((file) =>
      fs.readFileSync(file, 'utf8'),
    );
    const server = https.createServer(
      { cert, key, ca: roots, crl: list, requestCert: true, rejectUnauthorized: true },
      (_, response) => void response.end('OK'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const [alice, bob] = await answers((server.address() as AddressInfo).port);
    expect(alice).toEqual({ refused: expect.stringMatching(/revoked|ECONNRESET|hang up/u) });
    expect(bob).toEqual(SERVED);
  });
});

describeNeeding(['openssl'], 'openssl s_server', () => {
  test('-crl_check with the list refuses the revoked client alone', async () => {
    const port = await opensslServer(files, [
      '-Verify',
      '2',
      '-verify_return_error',
      '-crl_check',
      '-CRL',
      crl,
    ]);
    const [alice, bob] = await answers(port);
    expect(alice).toEqual({ refused: expect.stringMatching(/revoked/u) });
    expect(bob).toEqual(SERVED);
  });
});

describeNeeding(['nginx'], 'nginx', () => {
  test('with ssl_crl refuses the revoked client alone', async () => {
    const port = await freePort();
    const pair = `ssl_certificate ${files.certificate}; ssl_certificate_key ${files.key};`;
    const clients = `ssl_client_certificate ${files.ca}; ssl_crl ${crl}; ssl_verify_client on;`;
    await nginx(`server { listen 127.0.0.1:${port} ssl; ${pair} ${clients} return 200 OK; }`, port);
    const [alice, bob] = await answers(port);
    expect(alice).toMatchObject({ status: 400, body: expect.stringMatching(/certificate error/u) });
    expect(bob).toEqual(SERVED);
  });
});
