import nodePath from 'node:path';
import { isEncryptedKey, isPair, listState, readCrls, readKeyPair } from '@docker-mtls/ca';
import type { KeyPair, ListPeriod } from '@docker-mtls/ca';
import { hasCode, isMtlsError } from '@docker-mtls/errors';
import { namesIn, readFileIfExists } from '@docker-mtls/files';
import { SCHEMA_WITH_AUTHORITIES } from '@docker-mtls/registry';
import type { RegistryReader } from '@docker-mtls/registry';
import { trustedAuthorities } from '../authorities.ts';
import type { TrustedAuthority } from '../authorities.ts';
import type { Layout } from '../layout.ts';
import { LARGEST_LIST, listsPem, newestList } from '../revocation-lists.ts';
import { rootsPem } from '../root-files.ts';
import type { Observation } from './observation.ts';
import { compare, orUnreadable } from './pairs.ts';

/** Looks at the CA's own files: its certificates, its keys and its revocation lists. */
export async function authorityObservations(
  layout: Layout,
  registry: RegistryReader,
  { passphrase, now }: { readonly passphrase?: string | undefined; readonly now: Date },
): Promise<readonly Observation[]> {
  const trusted = await trustedAuthorities(layout, registry);
  const roots = await rootsPem(registry);
  return [
    ...orUnreadable(layout.ca, () => compare(layout.ca, readFileIfExists(layout.ca), roots)),
    ...trusted.flatMap((authority) => keyObservations(layout, authority, passphrase)),
    ...(await strayKeys(layout, registry)),
    ...(await listObservations(layout, registry, now)),
  ];
}

function keyObservations(
  layout: Layout,
  { certificate, keyPem, keyId }: TrustedAuthority,
  passphrase: string | undefined,
): readonly Observation[] {
  const subject = layout.private;
  const of = `the CA certificate ${certificate.info.serial} (key ${keyId})`;
  try {
    const key = keyOf(keyPem(), passphrase);
    if (key === undefined || isPair(certificate, key)) return [];
    return [{ word: 'ca-key-differs', subject, message: `the key file of ${of} holds another key` }];
  } catch (error) {
    if (hasCode(error, 'CA_DIRECTORY_KEY_MISSING'))
      return [{ word: 'ca-key-missing', subject, message: error.message }];
    // Reported with the modes.
    if (hasCode(error, 'CA_DIRECTORY_UNSAFE')) return [];
    if (isMtlsError(error))
      return [{ word: 'ca-key-differs', subject, message: `the key of ${of}: ${error.message}` }];
    throw error;
  }
}

/** An encrypted key says nothing of its certificate without its passphrase. */
function keyOf(pem: string, passphrase: string | undefined): KeyPair | undefined {
  return isEncryptedKey(pem) && passphrase === undefined ? undefined : readKeyPair(pem, passphrase);
}

/** A key that a killed rotation made, and that nothing knows. */
async function strayKeys(layout: Layout, registry: RegistryReader): Promise<readonly Observation[]> {
  const stray = await strayKeyFiles(layout, registry);
  return stray.map((path) => ({
    word: 'work-unfinished',
    subject: path,
    message: `${path} is a key that no CA certificate was made for`,
  }));
}

/** Only what is named as a rotation names its keys: other files in there are their owner's. */
const ROTATION_KEY = /^[0-9a-f]{40}\.pem$/;

export async function strayKeyFiles(layout: Layout, registry: RegistryReader): Promise<readonly string[]> {
  const known = (await registry.authorities()).filter(({ state }) => state !== 'retired');
  return namesIn(layout.private)
    .filter((name) => ROTATION_KEY.test(name) && !known.some(({ keyFile }) => keyFile === name))
    .map((name) => nodePath.join(layout.private, name));
}

async function listObservations(
  layout: Layout,
  registry: RegistryReader,
  now: Date,
): Promise<readonly Observation[]> {
  const lists = await listsPem(registry);
  const differences = orUnreadable(layout.crl, () =>
    compare(layout.crl, readFileIfExists(layout.crl, LARGEST_LIST), lists),
  );
  const isEarlier = (await registry.schema()) < SCHEMA_WITH_AUTHORITIES;
  // A registry of an earlier release knows one list, and neither its number nor when the next one is due.
  if (isEarlier) return differences;
  const behind = await listsAhead(layout, registry);
  if (behind.length > 0) return behind;
  return [...differences, ...(await staleLists(layout, registry, now))];
}

/** A list in place with a higher number was made by this CA after the registry: that one is older. */
async function listsAhead(layout: Layout, registry: RegistryReader): Promise<readonly Observation[]> {
  try {
    const ahead: Observation[] = [];
    for (const { number = 0n, authorityKeyId = '' } of readCrls(
      readFileIfExists(layout.crl, LARGEST_LIST) ?? '',
    )) {
      const known = await newestList(registry, authorityKeyId);
      if (known === undefined || number <= known.number) continue;
      const message = `${layout.crl} has revocation list number ${number}, and the registry knows ${known.number}: it was brought back from a backup`;
      ahead.push({ word: 'crl-behind', subject: layout.crl, message });
    }
    return ahead;
  } catch (error) {
    if (isMtlsError(error)) return [];
    throw error;
  }
}

async function staleLists(
  layout: Layout,
  registry: RegistryReader,
  now: Date,
): Promise<readonly Observation[]> {
  const stale: Observation[] = [];
  for (const { keyId } of await trustedAuthorities(layout, registry)) {
    const list = await newestList(registry, keyId);
    if (list === undefined) continue;
    const age = ageOf(list, now);
    if (age === undefined) continue;
    const message = `the revocation list number ${list.number} ${age}`;
    stale.push({ word: 'crl-stale', subject: layout.crl, message });
  }
  return stale;
}

/** What is wrong with when a list was made. */
function ageOf(list: ListPeriod, now: Date): string | undefined {
  const { thisUpdate, nextUpdate } = list;
  const state = listState(list, now);
  if (state === 'expired') return `was due to be replaced on ${nextUpdate.toISOString()}`;
  if (state === 'not-yet-valid') return `begins on ${thisUpdate.toISOString()}, which is in the future`;
  return undefined;
}
