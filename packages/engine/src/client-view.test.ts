import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDaemonConfig, parseEngineFlags } from '@docker-mtls/daemon-config';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { makeAuthority } from '../../../test/support/test-ca.ts';
import { readClientView } from './client-view.ts';
import type { ClientView } from './client-view.ts';

function viewOf(config: Record<string, unknown>, flags: readonly string[]): ClientView {
  return readClientView({
    document: parseDaemonConfig(Buffer.from(JSON.stringify(config))),
    flags: parseEngineFlags(flags),
    addresses: [],
    now: new Date(),
  });
}

function authorityFile(): string {
  const file = path.join(temporaryFolder(), 'ca.pem');
  fs.writeFileSync(file, makeAuthority('theirs', 'ec-p256').pem);
  return file;
}

test.each(['daemon.json', 'flags'])('the CA is found in %s, though the pair is named elsewhere', (place) => {
  const file = authorityFile();
  const inFile = place === 'daemon.json';
  const { authorities, authorityFile: found } = viewOf(
    inFile ? { tlsverify: true, tlscacert: file } : { tlsverify: true, tlscert: '/c.pem', tlskey: '/k.pem' },
    inFile ? ['--tlscert=/c.pem', '--tlskey=/k.pem'] : ['--tlscacert', file],
  );
  expect(authorities.map(({ info }) => info.subject.commonName)).toEqual(['theirs']);
  expect(found).toBe(file);
});
