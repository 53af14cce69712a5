import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import type { LeafKind, RegistryReader } from '@docker-mtls/registry';
import { caChanged, trustedAuthorities } from './authorities.ts';
import type { TrustedAuthority } from './authorities.ts';
import { StoreError } from './error.ts';
import { foldFolderName, toFolderName } from './folder-name.ts';
import { kindFolder } from './layout.ts';
import type { Layout } from './layout.ts';

export type PairRequest = {
  readonly kind: LeafKind;
  readonly name: string;
  readonly certificate: Certificate;
  /** Absent when somebody else's request was signed: the key never was here. */
  readonly keyPem?: string | undefined;
  /** Replace the pair in force; its files are kept until the next pair is issued. */
  readonly force: boolean;
  readonly operator: string;
  readonly now: Date;
};

/** A request with all that is known of where it goes. */
export type PlannedPair = {
  readonly request: PairRequest;
  readonly folder: string;
  readonly folderKey: string;
  readonly replaces: string | undefined;
};

/**
 * Finds each pair its place, or refuses all of them. Codes: `CA_DIRECTORY_NAME_UNUSABLE`, `CA_DIRECTORY_NAME_TAKEN`,
 * `CA_DIRECTORY_NAME_COLLIDES`, `CA_DIRECTORY_SERIAL_TAKEN`, `CA_DIRECTORY_KEY_COMPROMISED`,
 * `CA_DIRECTORY_KEY_OF_CA`, `CA_DIRECTORY_CA_CHANGED`.
 */
export async function planPairs(
  layout: Layout,
  registry: RegistryReader,
  requests: readonly PairRequest[],
): Promise<readonly PlannedPair[]> {
  const authorities = await trustedAuthorities(layout, registry);
  const signing = authorities.find(({ state }) => state === 'signing')?.keyId;
  if (requests.some(({ certificate: { info } }) => info.authorityKeyId !== signing)) throw caChanged();
  for (const request of requests) refuseKeyOf(authorities, request);
  const planned: PlannedPair[] = [];
  for (const request of requests) planned.push(await plan(layout, registry, request));
  refuseTwins(planned);
  return planned;
}

async function plan(layout: Layout, registry: RegistryReader, request: PairRequest): Promise<PlannedPair> {
  const { kind, name, certificate, force } = request;
  if (await registry.isCompromised(certificate.info.publicKey)) throw compromised(kind, name);
  const folder = toFolderName(kind, name);
  const folderKey = foldFolderName(folder);
  const standing = await registry.inFolder(kind, folderKey);
  if (standing !== undefined && standing.name !== name) throw collides(kind, name, standing.name);
  if (standing !== undefined && !force) throw taken(`there is a ${kind} ${quote(name)} already`);
  const directory = nodePath.join(kindFolder(layout, kind), folder);
  if (standing === undefined && !force && fs.existsSync(directory))
    throw taken(`${directory} exists already`);
  if ((await registry.certificate(certificate.info.serial)) !== undefined) throw serialTaken(certificate);
  const replaces = standing === undefined ? undefined : standing.serial;
  return { request, folder, folderKey, replaces };
}

/** Who has the pair could sign whatever they like. */
function refuseKeyOf(authorities: readonly TrustedAuthority[], request: PairRequest): void {
  const { kind, name, certificate } = request;
  const { publicKey } = certificate.info;
  if (!authorities.some((authority) => authority.certificate.info.publicKey.equals(publicKey))) return;
  const message = `the key of the ${kind} ${quote(name)} is that of this CA itself`;
  throw new StoreError('CA_DIRECTORY_KEY_OF_CA', message, {
    hint: `make a key for the ${kind} alone, and a request of it: docker-mtls request makes both`,
  });
}

/** Two requests for one place: the registry would refuse the second, but in words of its own. */
function refuseTwins(planned: readonly PlannedPair[]): void {
  const first = new Map<string, string>();
  for (const { request, folderKey } of planned) {
    const place = `${request.kind}/${folderKey}`;
    const other = first.get(place);
    if (other !== undefined) throw collides(request.kind, request.name, other);
    first.set(place, request.name);
  }
}

function collides(kind: LeafKind, name: string, standing: string): StoreError {
  return new StoreError(
    'CA_DIRECTORY_NAME_COLLIDES',
    `the ${kind} ${quote(name)} would share its folder with ${quote(standing)}`,
    { hint: 'choose a name that differs in more than case, punctuation or the form of its letters' },
  );
}

function taken(message: string): StoreError {
  return new StoreError('CA_DIRECTORY_NAME_TAKEN', message, {
    hint: 'replace it with --force; the old key is kept until the next pair is issued',
  });
}

function compromised(kind: LeafKind, name: string): StoreError {
  const message = `the key of the ${kind} ${quote(name)} is compromised: a certificate of it was revoked for that`;
  return new StoreError('CA_DIRECTORY_KEY_COMPROMISED', message, {
    hint: 'make a new key where that one was made',
  });
}

function serialTaken({ info }: Certificate): StoreError {
  return new StoreError(
    'CA_DIRECTORY_SERIAL_TAKEN',
    `a certificate with serial ${info.serial} is in the registry`,
    {
      hint: 'issue a new one',
    },
  );
}
