import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { EngineProof } from '@docker-mtls/proof';
import type { EngineVersion } from '../support/engine-install.ts';
import { startEngine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import type { ProofSetup } from '../support/proof-order.ts';
import { temporaryFolder } from '../support/temp.ts';

export const SLOW = 180_000;

/** The port of an engine that serves with the files of a set-up, and asks for a certificate unless `changes` say otherwise. */
export async function proofEngine(
  { files }: ProofSetup,
  version: EngineVersion,
  changes: Record<string, unknown> = {},
): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = {
    hosts: [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`],
    tls: true,
    tlsverify: true,
    tlscacert: files.ca,
    tlscert: files.certificate,
    tlskey: files.key,
    ...changes,
  };
  const configFile = path.join(folder, 'daemon.json');
  fs.writeFileSync(configFile, JSON.stringify(config));
  await startEngine({ version, configFile });
  return port;
}

export type Healthy = readonly [what: string, start: () => Promise<number>];
export type Faulty = readonly [...Healthy, finding: string];

/** Each is not secured, and the reason is among the findings. */
export function describeNotSecured(setup: () => ProofSetup, faulty: readonly Faulty[]): void {
  test.each(faulty)(
    'is not secured: %s',
    async (_, start, finding) => {
      const proof = await setup().prove([await start()]);
      expect(proof.verdict).not.toBe('secured');
      expect(idsIn(proof)).toContain(finding);
    },
    SLOW,
  );
}

export function describeSecured(setup: () => ProofSetup, healthy: readonly Healthy[]): void {
  test.each(healthy)(
    'is secured: %s',
    async (_, start) => {
      const proof = await setup().prove([await start()]);
      expect(proof.addresses.flatMap(({ findings }) => findings)).toEqual([]);
      expect(proof.verdict).toBe('secured');
    },
    SLOW,
  );
}

function idsIn({ addresses }: EngineProof): readonly string[] {
  return [...new Set(addresses.flatMap(({ findings }) => findings.map(({ id }) => id)))];
}
