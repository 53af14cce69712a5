import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { days, issuePair, makeAuthority } from '../support/test-ca.ts';
import type { TestOrder } from '../support/test-ca.ts';
import { output } from '../support/run.ts';
import { FILE, JSON_FILE } from './broken-hosts.ts';
import type { BrokenHost } from './broken-hosts.ts';
import type { Host } from './host.ts';
import { RESTART } from './scripts.ts';

// Faults that need another certificate, CA or address of the engine: it is restarted with each.

const FOLDER = '/root/served';
const sansOf = ({ address }: Host): readonly string[] => ['localhost', '127.0.0.1', address];

/** All but its names. */
const LIBRARY: Readonly<Record<string, TestOrder>> = {
  expired: { validity: days(-10, -1) },
  due: { validity: days(-200, 30) },
  early: { validity: days(1, 300) },
  long: { validity: days(-1, 2000) },
  elsewhere: { sans: ['node9.example.com'], validity: days(-1, 300) },
};

/** The P-256 key of RFC 9500 section 2.3: it is for tests, and everybody has it. */
const PUBLISHED = {
  kty: 'EC',
  crv: 'P-256',
  x: 'QiVI-I-3gv-17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE',
  y: 'bEzRDEy41bihcTnpSILImSVymTQl9BQZq36QpCpJQnI',
  d: '5stb3YCqRa6clejBVHZnn_7JU8FoUecR50OTlYnGT8E',
};

/** What docker-mtls does not issue. */
const OPENSSL: Readonly<Record<string, readonly string[]>> = {
  small: ['-newkey', 'rsa:1024', '-addext', 'extendedKeyUsage=serverAuth'],
  both: ['-newkey', 'rsa:2048', '-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
  'self-signed': ['-newkey', 'rsa:2048', '-addext', 'extendedKeyUsage=serverAuth'],
  client: [
    '-newkey',
    'rsa:2048',
    '-addext',
    'extendedKeyUsage=serverAuth,clientAuth',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-CA',
    'other.pem',
    '-CAkey',
    'other-key.pem',
  ],
};

/** Makes the certificates, and files with more CAs than one. */
export async function prepareServed(host: Host): Promise<void> {
  const { outside, must, address } = host;
  const folder = outside(FOLDER);
  fs.mkdirSync(folder, { mode: 0o700 });
  const write = (name: string, text: string): void =>
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  const { authority, pem, key } = makeAuthority('another CA', 'ec-p256', days(-400, 4000));
  write('other.pem', pem);
  write('other-key.pem', key);
  for (const [name, order] of Object.entries(LIBRARY)) {
    const pair = issuePair(authority, 'server', { name: 'node1', sans: sansOf(host), ...order });
    write(`${name}.pem`, pair.certificate);
    write(`${name}-key.pem`, pair.key);
  }
  const common = ['-x509', '-nodes', '-days', '300', '-subj', '/CN=node1'];
  const names = ['-addext', `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${address}`];
  for (const [name, words] of Object.entries(OPENSSL)) {
    const files = ['-keyout', `${name}-key.pem`, '-out', `${name}.pem`];
    await output('openssl', ['req', ...common, ...names, ...words, ...files], { cwd: folder });
  }
  const published = crypto.createPrivateKey({ key: PUBLISHED, format: 'jwk' });
  write('published-key.pem', `${published.export({ type: 'pkcs8', format: 'pem' })}`);
  const ca = ['-x509', '-key', 'published-key.pem', '-subj', '/CN=a CA for tests', '-out', 'published.pem'];
  await output('openssl', ['req', ...ca], { cwd: folder });
  write('public.pem', tls.rootCertificates[0] ?? '');
  const both = `cat ${FILE('tlscacert')} $i.pem >ca-$i.pem`;
  await must(`cd ${FOLDER} && for i in other public published; do ${both}; done`);
}

const set = (key: string, value: string): string =>
  `sed -i 's#"${key}": "[^"]*"#"${key}": "${value}"#' ${JSON_FILE}; `;
const serving = (name: string): string =>
  set('tlscert', `${FOLDER}/${name}.pem`) + set('tlskey', `${FOLDER}/${name}-key.pem`) + RESTART;
const OPEN = '{\n  "hosts": [\n    "fd://",\n    "tcp://0.0.0.0:2375"\n  ]\n}';

export const SERVED: readonly (BrokenHost & { readonly port?: number })[] = [
  {
    name: 'a port without TLS, in a daemon.json of several lines',
    script: `printf '%s' '${OPEN}' >${JSON_FILE}; ${RESTART}`,
    finds: ['DM101'],
    port: 2375,
  },
  {
    name: 'TLS that asks for no certificate',
    script: `sed -i 's/"tlsverify": true/"tlsverify": false/' ${JSON_FILE}; ${RESTART}`,
    finds: ['DM102'],
  },
  {
    name: 'tlsverify without a CA, in force',
    script: `sed -i '/tlscacert/d' ${JSON_FILE}; ${RESTART}`,
    finds: ['DM108', 'DM109'],
  },
  { name: 'two CAs', script: set('tlscacert', `${FOLDER}/ca-other.pem`) + RESTART, finds: ['DM107'] },
  { name: 'a public CA', script: set('tlscacert', `${FOLDER}/ca-public.pem`) + RESTART, finds: ['DM110'] },
  {
    name: 'a CA whose key was published',
    script: set('tlscacert', `${FOLDER}/ca-published.pem`) + RESTART,
    finds: ['DM107', 'DM111'],
  },
  {
    name: 'a certificate that the engine takes for one of a client',
    script: set('tlscacert', `${FOLDER}/ca-other.pem`) + serving('client'),
    finds: ['DM104', 'DM107', 'DM126'],
  },
  { name: 'an expired certificate', script: serving('expired'), finds: ['DM121'] },
  { name: 'a certificate that is due', script: serving('due'), finds: ['DM122'] },
  { name: 'a certificate that is not valid yet', script: serving('early'), finds: ['DM123'] },
  { name: 'a certificate for years', script: serving('long'), finds: ['DM125'] },
  { name: 'a certificate for another host', script: serving('elsewhere'), finds: ['DM120'] },
  { name: 'a key of 1024 bits', script: serving('small'), finds: ['DM124'] },
  { name: 'a certificate that passes for a client', script: serving('both'), finds: ['DM126'] },
  { name: 'a self-signed certificate', script: serving('self-signed'), finds: ['DM127'] },
  {
    name: 'a renewed certificate that is not served',
    script: set('tlscert', `${FOLDER}/due.pem`) + set('tlskey', `${FOLDER}/due-key.pem`),
    finds: ['DM114', 'DM115'],
  },
];
