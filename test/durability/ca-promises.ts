import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { filesBelow, keyFilesBelow, mode } from '../support/tree.ts';
import { inHome } from './kill-everywhere.ts';

/** A row of `docker-mtls list --all --json`. */
export type Listed = {
  readonly kind: string;
  readonly name: string;
  readonly serial: string;
  readonly status: string;
  readonly directory?: string;
};

const LEAF_FILES = {
  server: ['server-cert.pem', 'server-key.pem'],
  client: ['cert.pem', 'key.pem'],
} as const;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/gu;

/** Where a private key may be: in a generation of its pair, where an earlier release left it, or the CA's own; and in a client's archive. */
const KEY_PLACES =
  /^(?:\.\.\/(?:out\/)?\.?[a-z]+(?:-\d+)?\.tar\.gz(?:\.[0-9a-f]{32}\.[0-9a-fx]+-\d+-\d+\.partial)?|private\/(?:ca-key|[0-9a-f]{40})\.pem|private\/\.(?:ca-key|[0-9a-f]{40})\.pem\.[0-9a-f]{32}\.[0-9a-fx]+-\d+-\d+\.partial|(?:clients|servers)\/(?:\.staged\/[0-9a-f]+|\.superseded\/[^/]+|[^./][^/]*(?:\/\.gen-[0-9a-f]+)?)\/(?:server-)?key\.pem)$/u;

/** What was issued, or undefined where there is no CA yet. */
export async function listed(home: string): Promise<readonly Listed[] | undefined> {
  const { code, stdout, stderr } = await cli(['list', '--all', '--json'], inHome(home));
  const answer = JSON.parse(stdout) as {
    certificates?: readonly Listed[];
    error?: { code: string; hint?: string };
  };
  if (code === 0) return answer.certificates;
  expect({ code, stderr, ...answer }).toMatchObject({ code: 1, error: { code: 'CA_DIRECTORY_NOT_FOUND' } });
  expect(answer.error?.hint).toMatch(/docker-mtls init-ca/u);
  return undefined;
}

/** Nobody but the owner can read a key, and keys are nowhere else. */
export function keysArePrivate(home: string): void {
  const ca = path.join(home, 'ca');
  for (const file of keyFilesBelow(home)) {
    expect({ file, mode: mode(file) }).toEqual({ file, mode: '0600' });
    expect(path.relative(ca, file)).toMatch(KEY_PLACES);
  }
  for (const file of filesBelow(home).filter(
    (each) => each.startsWith(ca) && fs.lstatSync(each).isDirectory(),
  )) {
    expect({ file, mode: mode(file) }).toEqual({ file, mode: '0700' });
  }
}

/** No certificate in a file that the registry does not know. */
export function noCertificateUnknown(home: string, known: readonly Listed[]): void {
  const serials = known.map(({ serial }) => BigInt(`0x${serial}`));
  for (const file of filesBelow(path.join(home, 'ca')).filter(
    (each) => each.endsWith('.pem') && fs.existsSync(each),
  )) {
    for (const pem of fs.readFileSync(file, 'latin1').match(CERTIFICATE) ?? []) {
      expect(serials).toContain(BigInt(`0x${new X509Certificate(pem).serialNumber}`));
    }
  }
}

/** What is published is whole, belongs together and is signed by the CA. */
export function publishedPairsAreWhole(home: string): void {
  for (const kind of ['server', 'client'] as const) {
    const folder = path.join(home, 'ca', `${kind}s`);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
    for (const name of names) pairIsComplete(path.join(folder, name), kind);
  }
}

/** All of its files or none can be read, and there are never more than two keys. */
function pairIsComplete(folder: string, kind: keyof typeof LEAF_FILES): void {
  const [certificateFile, keyFile] = LEAF_FILES[kind];
  const names = fs.readdirSync(folder);
  expect(names.filter((name) => name.startsWith('.gen-')).length).toBeLessThanOrEqual(2);
  const visible = names.filter((name) => fs.existsSync(path.join(folder, name)) && !name.startsWith('.'));
  if (visible.length === 0) return;
  expect(visible.toSorted()).toEqual(['ca.pem', certificateFile, keyFile].toSorted());
  const read = (name: string): Buffer => fs.readFileSync(path.join(folder, name));
  const certificate = new X509Certificate(read(certificateFile));
  expect(certificate.checkPrivateKey(createPrivateKey(read(keyFile)))).toBe(true);
  const roots = read('ca.pem').toString('latin1').match(CERTIFICATE) ?? [];
  expect(roots.some((root) => certificate.verify(new X509Certificate(root).publicKey))).toBe(true);
}

/** All of the above: what holds at any moment, whenever a command was killed. */
export async function caPromises(home: string): Promise<readonly Listed[] | undefined> {
  keysArePrivate(home);
  const known = await listed(home);
  if (known === undefined) return undefined;
  noCertificateUnknown(home, known);
  publishedPairsAreWhole(home);
  return known;
}

/** The CA is whole, and signs. */
export async function caWorks(home: string): Promise<void> {
  await cliJson(['issue-client', 'zoe'], inHome(home));
  const ca = new X509Certificate(fs.readFileSync(path.join(home, 'ca/ca.pem')));
  const key = createPrivateKey(fs.readFileSync(path.join(home, 'ca/private/ca-key.pem')));
  expect(ca.checkPrivateKey(key)).toBe(true);
  publishedPairsAreWhole(home);
}
