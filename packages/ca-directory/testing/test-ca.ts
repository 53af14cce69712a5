import fs from 'node:fs';
import nodePath from 'node:path';
import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import type { Authority, Profile, ProfileKind } from '@docker-mtls/ca';
import { Connection } from '@docker-mtls/registry';
import type { LeafKind, Unfinished } from '@docker-mtls/registry';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { createStore } from '../src/create-store.ts';
import type { NewStore } from '../src/create-store.ts';
import { openStore } from '../src/open-store.ts';
import type { PairRequest } from '../src/plan-pairs.ts';
import type { PublishedPair } from '../src/publish-pair.ts';
import type { Store } from '../src/store.ts';
import { defaultProfilesFolder, readTemplate } from '../src/template.ts';

export const NOW: Date = new Date('2026-01-01T00:00:00Z');
export const OPERATOR = 'carol@workstation';

export { temporaryFolder };

export type TestCa = { readonly authority: Authority; readonly store: NewStore };

export function makeTestCa(name = 'Test CA'): TestCa {
  const keyPair = generateKeyPair('ec-p256');
  const profile = shippedProfile('ca');
  const authority = createAuthority({
    name,
    profile,
    keyPair,
    validity: planValidity({ profile, now: NOW }),
  });
  return {
    authority,
    store: {
      keyPem: privateKeyToPem(keyPair),
      certificate: authority.certificate,
      crlPem: '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n',
      template: readTemplate(defaultProfilesFolder()),
      operator: OPERATOR,
      now: NOW,
    },
  };
}

/** A CA directory as `init-ca` leaves it. */
export async function laidDown(ca: TestCa): Promise<string> {
  const directory = nodePath.join(temporaryFolder(), 'ca');
  const store = await createStore(directory, ca.store);
  await store.close();
  return directory;
}

export function pairFor(
  ca: TestCa,
  kind: LeafKind,
  name: string,
  publicKey?: Buffer,
): PairRequest & { readonly keyPem: string } {
  const keyPair = generateKeyPair('ec-p256');
  const profile = shippedProfile(kind);
  const certificate = issueCertificate(ca.authority, {
    profile,
    commonName: 'x',
    sans: kind === 'server' ? [{ kind: 'dns', value: 'localhost' }] : [],
    publicKey: publicKey ?? keyPair.publicKey,
    validity: planValidity({ profile, issuer: ca.authority.certificate, now: NOW }),
  });
  return {
    kind,
    name,
    certificate,
    keyPem: privateKeyToPem(keyPair),
    force: false,
    operator: OPERATOR,
    now: NOW,
  };
}

export async function withStore<T>(directory: string, work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = await openStore(directory);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export function publish(directory: string, request: PairRequest): Promise<PublishedPair> {
  return withStore(directory, (store) => store.publishPair(request));
}

/** Every path below a folder with its mode and content: equal before and after means that nothing changed. */
export function treeOf(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const path = nodePath.join(folder, name);
      const stats = fs.lstatSync(path);
      const link = stats.isSymbolicLink() ? fs.readlinkSync(path) : '';
      const content = stats.isFile() ? fs.readFileSync(path).toString('base64') : link;
      return [name, `${(stats.mode & 0o777).toString(8)} ${content}`];
    }),
  );
}

/** The same without the registry, whose bytes change with each commit. */
export function filesOf(directory: string): Record<string, string> {
  const { 'registry.db': _registry, ...files } = treeOf(directory);
  return files;
}

export function unfinishedIn(directory: string): readonly string[] {
  const registry = new Connection(nodePath.join(directory, 'registry.db'));
  try {
    return registry.all('SELECT serial FROM unfinished').map((row) => String(row['serial']));
  } finally {
    registry.close();
  }
}

/** Records work as a command does that is killed then. */
export function beginWork(directory: string, { serial, kind, folder }: Unfinished): void {
  const registry = new Connection(nodePath.join(directory, 'registry.db'));
  const sql = 'INSERT OR REPLACE INTO unfinished (serial, kind, folder) VALUES (?, ?, ?)';
  registry.run(sql, serial, kind, folder);
  registry.close();
}

type Unpublished = {
  readonly kind: LeafKind;
  readonly name: string;
  readonly serial: string;
  readonly former?: string;
};

/** Undoes the rename that put a pair in force, as if the command had been killed right before it. */
export function unpublish(directory: string, { kind, name, serial, former }: Unpublished): string {
  const folder = nodePath.join(directory, `${kind}s`, name);
  fs.rmSync(nodePath.join(folder, '.current'));
  if (former !== undefined) fs.symlinkSync(`.gen-${former}`, nodePath.join(folder, '.current'));
  fs.symlinkSync(`.gen-${serial}`, nodePath.join(folder, `.next-${serial}`));
  beginWork(directory, { serial, kind, folder: name });
  return nodePath.join(folder, `.gen-${serial}`);
}

export function modeOf(path: string): string {
  return (fs.statSync(path).mode & 0o777).toString(8);
}

export function shippedProfile(kind: ProfileKind): Profile {
  const path = nodePath.join(defaultProfilesFolder(), 'profiles', `${kind}.json`);
  return parseProfile(kind, JSON.parse(fs.readFileSync(path, 'utf8')));
}
