import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-server', 'node1']);
});

test('daemon-config warns of certificates with public keys, and replaces them', async () => {
  const text =
    '{"tls": true, "tlscacert": "/diamol-certs/ca.pem", "tlscert": "/diamol-certs/server-cert.pem", "tlskey": "/diamol-certs/server-key.pem"}';
  fs.writeFileSync(path.join(ca.folder, 'daemon.json'), text);
  const { exitCode, stdout } = await ca.run('daemon-config', '--config', 'daemon.json', '--json');
  expect(exitCode).toBe(0);
  const { warnings: said } = JSON.parse(String(stdout)) as { readonly warnings: readonly string[] };
  expect(said.filter((line) => line.includes('public private keys'))).toHaveLength(2);
  expect(fs.readFileSync(path.join(ca.folder, 'daemon.json'), 'utf8')).not.toContain('diamol');
});
