import fs from 'node:fs';
import path from 'node:path';
import type { ClientCredentials, Diagnosis } from '@docker-mtls/doctor';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { diagnosisOf, idsOf } from '../support/doctor.ts';
import { startEngine } from '../support/engine.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { engineNeeds } from '../support/needs.ts';
import { makeProofSetup } from '../support/proof-order.ts';
import type { ProofSetup } from '../support/proof-order.ts';
import { temporaryFolder } from '../support/temp.ts';
import { issuePair } from '../support/test-ca.ts';

const SLOW = 120_000;
const ABOUT_ITS_VERSION = ['DM616', 'DM617'];

async function diagnose(
  version: EngineVersion,
  setup: ProofSetup,
  changes: Record<string, unknown>,
): Promise<Diagnosis> {
  const folder = temporaryFolder();
  const port = await freePort();
  const { ca: tlscacert, certificate: tlscert, key: tlskey } = setup.files;
  const hosts = [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`];
  const configFile = path.join(folder, 'daemon.json');
  fs.writeFileSync(configFile, JSON.stringify({ hosts, tlscacert, tlscert, tlskey, ...changes }));
  const engine = await startEngine({ version, configFile });
  const client: ClientCredentials = {
    roots: [fs.readFileSync(tlscacert, 'utf8')],
    pair: issuePair(setup.authority, 'client', { name: 'alice' }),
  };
  const diagnosis = await diagnosisOf(`tcp://127.0.0.1:${port}`, { client });
  await engine.stop();
  return diagnosis;
}

const others = (diagnosis: Diagnosis): readonly string[] =>
  idsOf(diagnosis).filter((id) => !ABOUT_ITS_VERSION.includes(id));

describeNeeding(engineNeeds('28.5'), 'engine 28.5', () => {
  test(
    'that verifies its clients has no findings but those about its version',
    async () => {
      const diagnosis = await diagnose('28.5', makeProofSetup(), { tlsverify: true });
      expect(others(diagnosis)).toEqual([]);
      // Without its package it is not known what Debian has fixed in it.
      expect(idsOf(diagnosis)).toEqual(['DM617']);
    },
    SLOW,
  );
});

describeNeeding(engineNeeds('20.10'), 'engine 20.10', () => {
  test(
    'with TLS that asks for no certificate',
    async () => {
      expect(others(await diagnose('20.10', makeProofSetup(), { tls: true, tlsverify: false }))).toEqual([
        'DM102',
      ]);
    },
    SLOW,
  );
});

describeNeeding(engineNeeds('26.1'), 'engine 26.1', () => {
  test(
    'with files for TLS, and without TLS',
    async () => {
      const diagnosis = await diagnose('26.1', makeProofSetup(), { 'shutdown-timeout': 5 });
      expect(others(diagnosis)).toEqual(['DM101']);
      // An open engine tells its version to everybody.
      expect(idsOf(diagnosis)).toContain('DM617');
    },
    SLOW,
  );
});
