import { readCrls } from '@docker-mtls/ca';
import type { NewCrl } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import type { Registry, RegistryChange, RegistryReader } from '@docker-mtls/registry';
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

/** The newest list of a CA. */
export async function newestList(
  registry: RegistryReader,
  issuer: string,
): Promise<RevocationList | undefined> {
  const list = await registry.list(issuer);
  if (list === undefined) return undefined;
  const { number, thisUpdate, nextUpdate = new Date(thisUpdate.getTime() + LIFETIME) } = list;
  return { issuer, number, thisUpdate, nextUpdate };
}

type OneList = ListRequest & { readonly issuer: string };

/** Makes the next list and records it, in the caller's transaction. `publishList` puts it in place. */
export async function recordList(
  layout: Layout,
  change: RegistryChange,
  request: OneList,
): Promise<RevocationList> {
  const { issuer, now, operator } = request;
  const former = await newestList(change, issuer);
  const atLeast = [numberInFile(layout.crl, issuer), await change.listNumber(issuer)];
  const list = planList(request, former, atLeast);
  const pem = request.sign({ ...list, revoked: await entriesOf(change, { issuer, now, former }) }, issuer);
  await change.insertList({ ...list, pem });
  const detail = { number: String(list.number) };
  await change.appendEvent({ at: now, operator, action: 'crl.issued', serial: issuer, detail });
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
    // What cannot be read as a list is replaced by one.
    unlessRefused(() => {
      const lists = readCrls(readFileIfExists(path, LARGEST_LIST) ?? '');
      return lists.find(({ authorityKeyId }) => authorityKeyId === issuer)?.number;
    }) ?? 0n
  );
}

type Listed = { readonly issuer: string; readonly now: Date; readonly former: RevocationList | undefined };

/**
 * RFC 5280 3.3: an entry stays until it has been on a list that was made after its certificate ended. A list by a clock
 * that was ahead does not count: it may have left out what has not ended.
 */
async function entriesOf(
  registry: RegistryReader,
  { issuer, now, former }: Listed,
): Promise<NewCrl['revoked']> {
  const since = former === undefined || former.thisUpdate > now ? now : former.thisUpdate;
  return (await registry.revoked(issuer, wholeSeconds(since))).map((entry) => ({
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
export async function listsPem(registry: RegistryReader): Promise<string> {
  const texts = await registry.listTexts();
  return texts.join('');
}

/** Puts `crl.pem` in place unless it is. Returns whether it was not. */
export async function publishLists(layout: Layout, registry: Registry): Promise<boolean> {
  const pem = await listsPem(registry);
  const there = unlessRefused(() => readFileIfExists(layout.crl, LARGEST_LIST));
  const isInPlace = there?.toString('utf8') === pem;
  if (!isInPlace) replaceFile(layout.crl, pem, PUBLIC_FILE);
  if (await registry.isListUnpublished()) await registry.transact((change) => change.listsArePublished());
  return !isInPlace;
}
