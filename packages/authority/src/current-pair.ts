import { exists } from '@docker-mtls/files';
import path from 'node:path';
import { shellWord } from '@docker-mtls/errors';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { moment } from '@docker-mtls/text';
import { AuthorityError } from './error.ts';

/** The certificate in force under a name. Codes: `NOT_ISSUED`, `PAIR_REVOKED`. */
export async function requireCurrent(
  store: StoreReader,
  kind: 'server' | 'client',
  name: string,
): Promise<Entry> {
  const entry = await store.current(kind, name);
  if (entry !== undefined) return entry;
  const [former] = await store.entries({ kind, name, all: true });
  if (former?.revokedAt !== undefined) throw revoked(former, former.revokedAt);
  // Another command may have issued it between the two looks.
  const issued = former && (await store.current(kind, name));
  if (issued !== undefined) return issued;
  throw notIssued({ kind, name }, store.directory);
}

function revoked({ kind, name }: PairName, at: Date): AuthorityError {
  const says = `the certificate of the ${kind} ${JSON.stringify(name)} was revoked on ${moment(at)}`;
  return new AuthorityError('PAIR_REVOKED', says, {
    hint: `docker-mtls issue-${kind} ${shellWord(name)} issues a new one`,
  });
}

/** Whose pair it is, as far as messages go. */
export type PairName = Pick<Entry, 'kind' | 'name'>;

export function notIssued({ kind, name }: PairName, directory: string): AuthorityError {
  const says = `no ${kind} ${JSON.stringify(name)} was issued by the CA in ${directory}`;
  return new AuthorityError('NOT_ISSUED', says, {
    hint: `docker-mtls list shows what was; docker-mtls issue-${kind} ${shellWord(name)} issues one`,
  });
}

/** The hint where a pair is of no use any more. */
export function newPairHint({ kind, name }: PairName): string {
  return `docker-mtls issue-${kind} ${shellWord(name)} --force makes a new pair`;
}

/** The hint where dates are the reason: a new pair that is issued by hand has the names and groups that are given then alone. */
export function sameNamesHint({ kind, name }: PairName): string {
  return `docker-mtls renew --kind ${kind} ${shellWord(name)} makes one with its names and groups`;
}

/** The hint where a key is not here and may be lost. */
export function lostKeyHint(pair: PairName): string {
  return `if it is lost, ${newPairHint(pair)}`;
}

/** The folder of a pair's files. Code: `PAIR_MISSING`, when it was removed. */
export function folderOf({ kind, name, directory }: Entry): string {
  if (directory !== undefined) return directory;
  throw new AuthorityError('PAIR_MISSING', `the files of the ${kind} ${JSON.stringify(name)} are gone`, {
    hint: newPairHint({ kind, name }),
  });
}

const KEY_FILES = { server: 'server-key.pem', client: 'key.pem' } as const;

/** Is the pair's private key here? It is not when a certificate request was signed. */
export function hasKey({ kind, directory }: Entry): boolean {
  if (directory === undefined || (kind !== 'server' && kind !== 'client')) return false;
  return exists(path.join(directory, KEY_FILES[kind]));
}
