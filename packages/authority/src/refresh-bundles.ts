import path from 'node:path';
import { packBundle, packContexts, packFolder } from '@docker-mtls/bundle';
import { openBundle } from '@docker-mtls/bundle/open';
import type { FolderBundle } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import { shellWord, unlessRefused } from '@docker-mtls/errors';
import {
  findUnsafeFolder,
  namesIn,
  PRIVATE_FILE,
  readFile,
  replaceFile,
  requireSafeFolders,
} from '@docker-mtls/files';
import { clientFiles } from './client-files.ts';
import { refreshedOrNot } from './dependent.ts';
import type { Dependent } from './dependent.ts';
import { inPlace } from './finish-publishing.ts';
import type { Session } from './session.ts';
import { bundleFileName, clientIn, isEarlierBundle, LARGEST_BUNDLE } from './write-bundle.ts';

/** Only the passphrase, or the recipients that it was made for, could make these again. */
const LOCKED = ['.tar.gz.age', '.zip.age', '.p12'];

/** Clients, and the folders that copies of their pairs may lie in; `cwd` is the one that a person works in. */
export type CopyPlaces = {
  readonly clients: Iterable<string>;
  readonly folders: readonly string[];
  readonly cwd: string;
};

/** How bundles end that are not locked, under any name; and how many of them with names of their own are looked into. */
const PLAIN = ['.tar.gz', '.zip', '.dockercontext'];
const MOST_RENAMED = 100;

/**
 * Packs the bundles of these clients again that lie in these folders, in the layout that they have: under the names that
 * `bundle` gives them, and under others. One that is locked is listed, where its name tells whose it is.
 */
export async function refreshBundles(
  session: Session,
  { clients, folders, cwd }: CopyPlaces,
): Promise<readonly Dependent[]> {
  const dependents: Dependent[] = [];
  for (const folder of folders) dependents.push(...(await refreshIn({ session, cwd }, clients, folder)));
  return dependents;
}

type Refreshing = { readonly session: Session; readonly cwd: string };

async function refreshIn(
  here: Refreshing,
  clients: Iterable<string>,
  folder: string,
): Promise<readonly Dependent[]> {
  const there = new Set(unlessRefused(() => namesIn(folder)));
  if (there.size === 0) return [];
  const dependents: Dependent[] = [];
  for (const name of clients) {
    const plain = PLAIN.map((end) => `${name}${end}`);
    const found = [...plain, bundleFileName(name, 'pwd')].filter((file) => there.has(file));
    const locked = LOCKED.map((end) => `${name}${end}`).filter((file) => there.has(file));
    for (const file of found) {
      const ofThisClient = await refresh(here, name, path.join(folder, file));
      if (ofThisClient.length > 0) there.delete(file);
      dependents.push(...ofThisClient);
    }
    dependents.push(...locked.map((file) => outdated(here, name, path.join(folder, file))));
  }
  const renamed = ofClients(clients, renamedIn(folder, there));
  for (const { client, file } of renamed) dependents.push(...(await refresh(here, client, file)));
  return dependents;
}

type Renamed = { readonly client: string; readonly file: string };

function renamedIn(folder: string, names: Iterable<string>): readonly Renamed[] {
  return [...names]
    .filter((name) => PLAIN.some((end) => name.endsWith(end)))
    .slice(0, MOST_RENAMED)
    .flatMap((name) => {
      const file = path.join(folder, name);
      const client = unlessRefused(() => clientIn(readFile(file, LARGEST_BUNDLE)));
      return client === undefined ? [] : [{ client, file }];
    });
}

function ofClients(clients: Iterable<string>, renamed: readonly Renamed[]): readonly Renamed[] {
  if (renamed.length === 0) return [];
  const wanted = new Set(renamed.map(({ client }) => client));
  const named = new Set<string>();
  for (const name of clients) if (wanted.has(name)) named.add(name);
  return renamed.filter(({ client }) => named.has(client));
}

function outdated({ cwd }: Refreshing, client: string, place: string): Dependent {
  const isHere = path.dirname(place) === cwd;
  const isTarget = isHere || isSafe(place);
  const words = [
    ...optionsFor(place),
    // Without the passphrase, the command cannot see that it is the same client's.
    ...(isTarget && isLocked(place) ? ['--force'] : []),
    ...(isTarget && !isHere ? [`-o ${shellWord(place)}`] : []),
  ];
  const next = `docker-mtls bundle ${shellWord(client)} ${words.join(' ')}`;
  return { kind: 'bundle', place, client, refreshed: false, next };
}

function isLocked(place: string): boolean {
  return LOCKED.some((end) => place.endsWith(end));
}

/** What made it, as far as its name tells. */
function optionsFor(place: string): readonly string[] {
  if (place.endsWith('.p12')) return ['--p12'];
  const format = /\.zip(?:\.age)?$/.test(place) ? ['--format zip'] : [];
  return ['--for HOST', ...format, ...(isLocked(place) ? ['--encrypt'] : [])];
}

/** Another user may have put there what only looks like a copy, to be given a key. */
function isSafe(place: string): boolean {
  return unlessRefused(() => findUnsafeFolder(path.dirname(place)) === undefined) === true;
}

/** What is no bundle of this client is none of our business. */
async function refresh(here: Refreshing, name: string, file: string): Promise<readonly Dependent[]> {
  const { session } = here;
  const current = await session.reader.current('client', name);
  const old = current && unlessRefused(() => readFile(file, LARGEST_BUNDLE));
  if (current === undefined || old === undefined || !isEarlierBundle(old, current)) return [];
  const entry = await inPlace(session, current);
  const dependent = { kind: 'bundle', place: file, client: name } as const;
  const result = await refreshedOrNot(dependent, async () => {
    requireSafeFolders(path.dirname(file), 'a private key');
    replaceFile(file, packedAs(old, file, entry), PRIVATE_FILE);
  });
  return [result.refreshed ? result : outdated(here, name, file)];
}

/** The old certificate may have ended, or be older than that of its renewed CA: both is why it is packed again. */
function packedAs(old: Buffer, file: string, entry: Entry): Buffer {
  const { layout, hosts, client } = openBundle(old, { now: 'any' });
  const files = clientFiles(entry);
  if (layout === 'flat' || layout === 'pwd') return packBundle(files, { layout });
  const folder = { client, files, hosts: hosts as FolderBundle['hosts'] };
  if (layout === 'folder') return packFolder(folder, { format: file.endsWith('.zip') ? 'zip' : 'tar.gz' });
  const [context, second] = packContexts(folder);
  if (context === undefined || second !== undefined) throw new Error('one context became none, or several');
  return context.data;
}
