import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import type { ImageEngine } from './image-engine.ts';

/** What a host has: the folder of certificates, and the engine's configuration. */
export type Home = { readonly folder: string; readonly certs: string; readonly config: string };

/** What a run is given beyond its folders. */
export type Run = {
  /** Options of `docker container run`. */
  readonly options?: readonly string[];
  readonly image?: string;
  readonly words?: readonly string[];
};

export function newHome(): Home {
  const folder = temporaryFolder();
  const home = { folder, certs: path.join(folder, 'diamol-certs'), config: path.join(folder, 'etc/docker') };
  for (const each of [home.certs, home.config]) fs.mkdirSync(each, { recursive: true });
  return home;
}

/** The server's container, told where the host has its folder, for it lies in one of the test's own. */
export function server(host: ImageEngine, { certs, config }: Home, run: Run = {}): Promise<Finished> {
  const { options = [], image = 'docker-mtls:server', words = [] } = run;
  const mounts = ['-v', `${certs}:/certs`, '-v', `${config}:/docker`, '-e', `HOST_CERTS_DIR=${certs}`];
  return inContainer(host, [...mounts, ...options, image, ...words]);
}

/** The client's container, or another that is given the folder of certificates alone. */
export function client(host: ImageEngine, { certs }: Home, run: Run = {}): Promise<Finished> {
  const { options = [], image = 'docker-mtls:client', words = [] } = run;
  return inContainer(host, ['-v', `${certs}:/certs`, ...options, image, ...words]);
}

/** Any command, in the plain image. */
export function command(host: ImageEngine, home: Home, ...words: readonly string[]): Promise<Finished> {
  return client(host, home, { image: 'docker-mtls', words });
}

function inContainer(host: ImageEngine, args: readonly string[]): Promise<Finished> {
  const network = args.includes('--network') ? [] : ['--network', 'none'];
  return host.docker('container', 'run', '--rm', ...network, ...args);
}

/** The certificate that the engine would show, if its key belongs to it. */
export function serverCertificate({ certs }: Home): X509Certificate {
  const read = (name: string): Buffer => fs.readFileSync(path.join(certs, name));
  const certificate = new X509Certificate(read('server-cert.pem'));
  if (!certificate.checkPrivateKey(createPrivateKey(read('server-key.pem')))) throw new Error('no pair');
  if (!certificate.verify(new X509Certificate(read('ca.pem')).publicKey)) throw new Error('another CA');
  return certificate;
}
