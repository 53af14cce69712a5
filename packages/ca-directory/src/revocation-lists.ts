import { readCrls } from '@docker-mtls/ca';
import type { NewCrl } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import {
  appendEvent,
  findListNumber,
  SCHEMA_WITH_REVOCATIONS,
  schemaVersion,
  selectRevoked,
} from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import { StoreError } from './error.ts';
import type { Layout } from './layout.ts';

/** A CA's newest revocation list. */
export type RevocationList = {
  /** Key identifier of the CA that signed it. */
  readonly issuer: string;
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
};

/** Lists that are to be made: each trusted key of the CA has one. */
export type ListRequest = {
  /** Milliseconds until the next one is due; as many as the one before had where it is not given. */
  readonly lifetime?: number | undefined;
  /** Returns the list in PEM, signed with the key of that identifier. */
  readonly sign: (list: NewCrl, issuer: string) => string;
  readonly operator: string;
  readonly now: Date;
};

/** Some 400,000 entries. */
export const LARGEST_LIST: number = 32 * 1024 * 1024;

const DAY = 24 * 60 * 60 * 1000;

/** Of a list whose period is not said otherwise. */
const LIFETIME = 30 * DAY;

/** A registry of a release that could not revoke tells none. */
export function newestList(registry: Registry, issuer: string): RevocationList | undefined {
  if (schemaVersion(registry) < SCHEMA_WITH_REVOCATIONS) return undefined;
  const [row] = registry.all(
    'SELECT * FROM revocation_lists WHERE issuer = ? ORDER BY id DESC LIMIT 1',
    issuer,
  );
  if (row === undefined) return undefined;
  const thisUpdate = new Date(String(row['created_at']));
  const next = row['next_update'];
  return {
    issuer,
    number: numberOf(row['number']),
    thisUpdate,
    nextUpdate: next === null ? new Date(thisUpdate.getTime() + LIFETIME) : new Date(String(next)),
  };
}

type OneList = ListRequest & { readonly issuer: string };

function numberOf(value: unknown): bigint {
  const text = String(value);
  if (/^\d{1,60}$/.test(text)) return BigInt(text);
  throw new StoreError('STORE_CORRUPT', 'the registry holds a number of a revocation list that is none', {
    hint: 'bring registry.db back from a backup; keep the damaged file',
  });
}

/** Makes the next list and records it, in the caller's transaction. `publishList` puts it in place. */
export function recordList(layout: Layout, registry: Registry, request: OneList): RevocationList {
  const { issuer, now, operator } = request;
  const former = newestList(registry, issuer);
  const atLeast = [numberInFile(layout.crl, issuer), findListNumber(registry, issuer)];
  const list = planList(request, former, atLeast);
  const pem = request.sign({ ...list, revoked: entriesOf(registry, { issuer, now, former }) }, issuer);
  registry.run('DELETE FROM revocation_lists WHERE issuer = ?', issuer);
  registry.run(
    'INSERT INTO revocation_lists (pem, created_at, issuer, number, next_update, published) VALUES (?, ?, ?, ?, ?, 0)',
    pem,
    now.toISOString(),
    issuer,
    String(list.number),
    list.nextUpdate.toISOString(),
  );
  const detail = { number: String(list.number) };
  appendEvent(registry, { at: now, operator, action: 'crl.issued', serial: issuer, detail });
  return list;
}

function planList(
  { lifetime, now, issuer }: OneList,
  former: RevocationList | undefined,
  atLeast: readonly bigint[],
): RevocationList {
  const numbers = [...atLeast, former?.number ?? 0n];
  const highest = numbers.reduce((one, other) => (one > other ? one : other));
  const asBefore =
    former === undefined ? LIFETIME : former.nextUpdate.getTime() - former.thisUpdate.getTime();
  return {
    issuer,
    number: highest + 1n,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + (lifetime ?? asBefore)),
  };
}

/** A registry that was brought back from a backup is older than the list that is in place. */
function numberInFile(path: string, issuer: string): bigint {
  return (
    unlessUnreadable(() => {
      const lists = readCrls(readFileIfExists(path, LARGEST_LIST) ?? '');
      return lists.find(({ authorityKeyId }) => authorityKeyId === issuer)?.number;
    }) ?? 0n
  );
}

/** What cannot be read as a list is replaced by one. */
function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMtlsError(error)) return undefined;
    throw error;
  }
}

type Listed = { readonly issuer: string; readonly now: Date; readonly former: RevocationList | undefined };

/**
 * RFC 5280 3.3: an entry stays until it has been on a list that was made after its certificate ended. A list by a clock
 * that was ahead does not count: it may have left out what has not ended.
 */
function entriesOf(registry: Registry, { issuer, now, former }: Listed): NewCrl['revoked'] {
  const since = former === undefined || former.thisUpdate > now ? now : former.thisUpdate;
  return selectRevoked(registry, issuer, wholeSeconds(since)).map((entry) => ({
    ...entry,
    // RFC 5280 5.1.2.6: no entry is younger than the list, whatever a clock said then.
    revokedAt: entry.revokedAt > now ? now : entry.revokedAt,
  }));
}

/** As lists and certificates tell the time. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** What `crl.pem` holds: the newest list of each CA, that of the newest CA first. */
export function listsPem(registry: Registry): string {
  return registry
    .all('SELECT pem FROM revocation_lists ORDER BY id DESC')
    .map((row) => String(row['pem']))
    .join('');
}

/** Has a list been recorded and not been put in place, because a command was killed? */
export function isListUnpublished(registry: Registry): boolean {
  return registry.all('SELECT 1 FROM revocation_lists WHERE published = 0 LIMIT 1').length > 0;
}

/** Puts `crl.pem` in place unless it is. Returns whether it was not. */
export function publishLists(layout: Layout, registry: Registry): boolean {
  const pem = listsPem(registry);
  const there = unlessUnreadable(() => readFileIfExists(layout.crl, LARGEST_LIST));
  const isInPlace = there?.toString('utf8') === pem;
  if (!isInPlace) replaceFile(layout.crl, pem, PUBLIC_FILE);
  if (isListUnpublished(registry))
    registry.transact(() => registry.run('UPDATE revocation_lists SET published = 1'));
  return !isInPlace;
}
