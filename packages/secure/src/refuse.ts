import { refuseNotYetValid, requireServerKey, templateProfile } from '@docker-mtls/authority';
import { checkBundlePlace, isEarlierBundle } from '@docker-mtls/authority/archives';
import type { PairOrder } from '@docker-mtls/authority';
import { planValidity } from '@docker-mtls/ca';
import { foldFolderName, StoreError, toFolderName } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { SecureOrder } from './order.ts';
import { checkCopy } from './pair/copy-pair.ts';
import { whyIssue } from './why-issue.ts';

/** Refuses, before anything is made, what one of the steps would refuse after others were taken. */
export async function refuseImpossible(order: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  const caDirectory = order.access.directory;
  if (order.out !== undefined)
    checkCopy(order.out, { kind: 'server', withKey: true, caDirectory, force: true });
  await checkDates(order, reader);
  await checkNames(order, reader);
  await checkServerKey(order, reader);
  await checkBundles(order, reader);
}

/** Every pair that is ordered, the server's first. */
export function pairOrders({ server, clients }: SecureOrder): readonly PairOrder[] {
  return [server, ...clients.map(({ pair }) => pair)];
}

/** A proof needs a CA that is valid now, be there a pair to issue or not. */
async function checkDates(order: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  const { lifetime } = order.server;
  const now = order.access.caller.now();
  const profile = templateProfile();
  const authority = await reader?.authority();
  const ca = authority?.certificate.info ?? planValidity({ profile, now });
  planValidity({ profile, lifetime, issuer: { info: ca }, now });
  for (const { kind, name } of pairOrders(order)) {
    const pair = await reader?.current(kind, name);
    if (pair !== undefined) refuseNotYetValid(pair, now);
  }
}

/** The CA directory refuses such a name too, but only when the pairs before it are published. */
async function checkNames(order: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  const taken = new Map<string, string>();
  for (const pair of pairOrders(order)) {
    const place = placeOf(pair);
    const holder = await reader?.holder(pair.kind, pair.name);
    const other = taken.get(place) ?? holder?.name ?? pair.name;
    if (other !== pair.name) throw collision(pair, other);
    taken.set(place, pair.name);
  }
}

function placeOf({ kind, name }: PairOrder): string {
  return `${kind}/${foldFolderName(toFolderName(kind, name))}`;
}

function collision({ kind, name }: PairOrder, other: string): StoreError {
  const message = `the ${kind} ${JSON.stringify(name)} would share its folder with ${JSON.stringify(other)}`;
  return new StoreError('CA_DIRECTORY_NAME_COLLIDES', message, {
    hint: 'choose a name that differs in more than case, punctuation or the form of its letters',
  });
}

/**
 * A request's key is elsewhere, where the engine would not find it unless its folder is named; a pair that is issued
 * again has a key made here.
 */
async function checkServerKey(
  { access, server, engine, out }: SecureOrder,
  reader: StoreReader | undefined,
): Promise<void> {
  const entry = await reader?.current('server', server.name);
  if (entry === undefined || whyIssue(server, entry, access.caller.now()) !== undefined) return;
  if (engine.certsDirectory === undefined && out === undefined) requireServerKey(entry);
}

async function checkBundles({ clients }: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  for (const { pair, bundle } of clients) {
    const client = await reader?.current('client', pair.name);
    checkBundlePlace(
      bundle.file,
      (old) => !bundle.isNamed || (client !== undefined && isEarlierBundle(old, client)),
    );
  }
}
