import { readArchive } from '@docker-mtls/bundle';
import type { ArchiveLimits } from '@docker-mtls/bundle';
import { crlSigner, readCrls } from '@docker-mtls/ca';
import type { Crl } from '@docker-mtls/ca';
import { keyIdOf, LARGEST_BACKUP } from '@docker-mtls/ca-directory';
import { restoreDirectory } from '@docker-mtls/ca-directory/restore-directory';
import type { RevocationList, Store } from '@docker-mtls/ca-directory';
import { BACKUP_MANIFEST, backupInvalid, decodeBackupManifest } from './backup-manifest.ts';
import { AuthorityError } from './error.ts';
import { listRequest } from './revoke.ts';
import { unlockSome } from './session.ts';
import type { Access } from './session.ts';

export type RestoreOrder = Pick<Access, 'directory' | 'caller' | 'unlock'> & {
  /** The archive, decrypted. */
  readonly archive: Buffer;
  /** The newest revocation list that was published, or several of them; what is in it stays revoked. */
  readonly lists?: Buffer | undefined;
};

export type RestoredCa = {
  readonly made: Date;
  /** Certificates that the list has revoked and the backup had not. */
  readonly revoked: readonly string[];
  /** The lists that say so: what was revoked after them is not known. */
  readonly adopted: readonly AdoptedList[];
  /** Names of the CAs of the other lists: keys that this CA has got after the backup. */
  readonly later: readonly string[];
  /** The lists that were made, with numbers above all that can be known. */
  readonly lists: readonly RevocationList[];
  /** Is it unknown what was revoked after the backup? */
  readonly isBlind: boolean;
  /** Is a list of the future? It lacks what had ended by the clock that it was made by. */
  readonly isAhead: boolean;
};

export type AdoptedList = Pick<Crl, 'number' | 'thisUpdate'> & { readonly issuer: string };

/** A backup of 200,000 pairs. */
const LIMITS: ArchiveLimits = {
  packed: LARGEST_BACKUP,
  unpacked: LARGEST_BACKUP,
  entries: 200_100,
  ratio: 100,
};

/**
 * Makes a CA directory from a backup. What was revoked after the backup stays revoked as far as a list says so. The next list has
 * a number that no list before can have had. Codes: `BACKUP_INVALID`, `BACKUP_NEWER`, `LIST_NOT_OURS`,
 * `LIST_OLDER`, those of `readArchive`, `readCrls` and `restoreDirectory`, and of the keys.
 */
export function restoreBackup(order: RestoreOrder): Promise<RestoredCa> {
  const { files, isComplete } = readArchive(order.archive, LIMITS);
  if (!isComplete) throw backupInvalid('it is cut off');
  const manifest = decodeBackupManifest(files.find(({ path }) => path === BACKUP_MANIFEST)?.data);
  const lists = order.lists === undefined ? undefined : readCrls(order.lists);
  const rest = files.filter(({ path }) => path !== BACKUP_MANIFEST);
  return restoreDirectory(order.directory, rest, (store) =>
    finish(store, { ...order, ...manifest, newest: lists }),
  );
}

type Finishing = RestoreOrder & { readonly made: Date; readonly newest: readonly Crl[] | undefined };

async function finish(store: Store, { caller, unlock, made, newest }: Finishing): Promise<RestoredCa> {
  const trusted = await store.authorities();
  // Also because keys that do not open, or belong to other certificates, are no backup of this CA.
  const authorities = await unlockSome(trusted, { caller, unlock });
  const { operator } = caller;
  const now = caller.now();
  const revoked: string[] = [];
  const { own, later } = await sortedLists(store, newest);
  const listed = new Set(own.map(({ issuer }) => issuer));
  for (const { list, issuer } of own) {
    for (const serial of await store.adoptList({ list, issuer, operator, now })) revoked.push(serial);
  }
  const blind = trusted.filter(({ keyId }) => !listed.has(keyId));
  // Whether a list is the newest, nobody here knows: engines would not take one of a number that they have seen.
  for (const { keyId } of trusted) await store.jumpListNumber(keyId, now);
  const { certificate } = await store.authority();
  await store.recordRestore({ serial: certificate.info.serial, made, operator, now });
  const lists = await store.issueLists(await listRequest({ caller }, authorities, store));
  const adopted = own.map(({ list: { number = 0n, thisUpdate, issuer } }) => ({
    number,
    thisUpdate,
    issuer: issuer.text,
  }));
  const isAhead = adopted.some(({ thisUpdate }) => thisUpdate > now);
  return { made, revoked, adopted, later, lists, isBlind: blind.length > 0, isAhead };
}

type SortedLists = {
  readonly own: readonly { readonly list: Crl; readonly issuer: string }[];
  readonly later: readonly string[];
};

/**
 * Anybody can write a list; what this CA has not signed would revoke whomever its author likes. Next to a list of this CA, in
 * its crl.pem, there may be one of a key that it has got since.
 */
async function sortedLists(store: Store, lists: readonly Crl[] | undefined): Promise<SortedLists> {
  const authorities = await store.authorities();
  const roots = authorities.map(({ certificate }) => certificate);
  const own: { list: Crl; issuer: string }[] = [];
  const later: string[] = [];
  for (const list of lists ?? []) {
    const signer = crlSigner(list, roots);
    if (signer === undefined) later.push(list.issuer.text);
    else own.push({ list, issuer: await requireNewer(store, list, keyIdOf(signer)) });
  }
  if (own.length > 0 || later.length === 0) return { own, later };
  throw new AuthorityError('LIST_NOT_OURS', 'the revocation list was not signed by the CA of the backup', {
    hint: 'use the crl.pem that this CA has published last; where its key was changed since, use a later backup',
  });
}

async function requireNewer(store: Store, list: Crl, issuer: string): Promise<string> {
  const known = (await store.revocationList(issuer))?.number ?? 0n;
  if ((list.number ?? 0n) >= known) return issuer;
  throw new AuthorityError(
    'LIST_OLDER',
    `the revocation list has number ${list.number}, and the backup has ${known}`,
    {
      hint: 'use the crl.pem that this CA has published last, or omit --crl',
    },
  );
}
