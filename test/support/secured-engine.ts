import fs from 'node:fs';
import path from 'node:path';
import type { KeyType } from '@docker-mtls/ca';
import { cliJson } from './cli.ts';
import type { EngineVersion } from './engine-install.ts';
import { startEngine, type Engine } from './engine.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temp.ts';
import type { TestPair } from './test-ca.ts';

/** The name that the server's certificate holds beside the loopback ones. */
export const SERVER = 'node1.example.com';

/** A host that was secured with our own commands alone, and its engine, which got that daemon.json unchanged. */
export type SecuredEngine = {
  readonly engine: Engine;
  readonly port: number;
  readonly home: string;
  readonly caDirectory: string;
  readonly configFile: string;
  /** Folder with `ca.pem`, `cert.pem`, `key.pem` of the client alice. */
  readonly alice: string;
};

/** Does the whole job with the command line, for an engine on both loopback addresses, and starts it. */
export async function secureEngine(version: EngineVersion, keyType?: KeyType): Promise<SecuredEngine> {
  const home = temporaryFolder();
  const caDirectory = path.join(home, 'ca');
  const configFile = path.join(home, 'daemon.json');
  const port = await freePort();
  const options = { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } };
  const key = keyType === undefined ? [] : ['--key-type', keyType];
  const listen = ['--listen', `127.0.0.1:${port}`, '--listen', `[::1]:${port}`];
  await cliJson(['init-ca', ...key], options);
  await cliJson(['issue-server', SERVER, ...key], options);
  await cliJson(['issue-client', 'alice', '--group', 'operators', ...key], options);
  await cliJson(['daemon-config', '--server', SERVER, '--config', configFile, ...listen], options);
  const engine = await startEngine({ version, configFile });
  return { engine, port, home, caDirectory, configFile, alice: path.join(caDirectory, 'clients/alice') };
}

/** The pair of a client's folder as texts. */
export function readPair(folder: string, certificate = 'cert.pem', key = 'key.pem'): TestPair {
  const read = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');
  return { certificate: read(certificate), key: read(key) };
}

/** Writes a pair as a folder that docker's `DOCKER_CERT_PATH` takes. */
export function writeCertPath(ca: string, pair: TestPair): string {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'ca.pem'), ca);
  fs.writeFileSync(path.join(folder, 'cert.pem'), pair.certificate);
  fs.writeFileSync(path.join(folder, 'key.pem'), pair.key, { mode: 0o600 });
  return folder;
}
