import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parseDaemonConfig } from '@docker-mtls/daemon-config';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { publishedWarnings } from './published-engine-keys.ts';
import { publishedWarning } from './published-keys.ts';

let ca: TestCa;
let folder: string;

beforeAll(async () => {
  ca = await makeTestCa(['issue-server', 'node1', '--out', 'certs']);
  folder = path.join(ca.folder, 'certs');
});

function warnings(names: readonly [string, string], published: readonly string[] = []): readonly string[] {
  const [tlscacert, tlscert] = names;
  const text = JSON.stringify({ tls: true, tlscacert, tlscert, tlskey: '/k.pem' });
  // The book's own certificates are not here: these stand for them.
  const lookUp = (fingerprint: string): string | undefined =>
    published.includes(fingerprint) ? 'a book' : undefined;
  return publishedWarnings(parseDaemonConfig(Buffer.from(text)), lookUp);
}

const file = (name: string): string => path.join(folder, name);

test('certificates with public keys are called compromised, each by its name', () => {
  const published = [ca.current('server', 'node1').fingerprint];
  expect(warnings([file('ca.pem'), file('server-cert.pem')], published)).toEqual([
    expect.stringMatching(/certs\/server-cert\.pem was compromised from the start.*in a book/),
  ]);
  expect(publishedWarning(file('server-cert.pem'), () => 'a book')).toHaveLength(1);
});

test('nothing is said of others, or of what cannot be read', () => {
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

test('daemon-config says so, and writes ours in their place', async () => {
  const text =
    '{"tls": true, "tlscacert": "/diamol-certs/ca.pem", "tlscert": "/diamol-certs/server-cert.pem", "tlskey": "/diamol-certs/server-key.pem"}';
  fs.writeFileSync(path.join(ca.folder, 'daemon.json'), text);
  const { exitCode, stdout } = await ca.run('daemon-config', '--config', 'daemon.json', '--json');
  expect(exitCode).toBe(0);
  const { warnings: said } = JSON.parse(String(stdout)) as { readonly warnings: readonly string[] };
  expect(said.filter((line) => line.includes('public private keys'))).toHaveLength(2);
  expect(fs.readFileSync(path.join(ca.folder, 'daemon.json'), 'utf8')).not.toContain('diamol');
});
