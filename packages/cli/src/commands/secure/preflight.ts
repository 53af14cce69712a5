import { checkFolder } from '@docker-mtls/files';
import path from 'node:path';
import { hasCa, refuseNotYetValid, templateProfile } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { planValidity } from '@docker-mtls/ca';
import { MtlsError } from '@docker-mtls/errors';
import { foldFolderName, toFolderName } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { engineOf } from '../../engine/engine-order.ts';
import { checkOut } from '../../pair/copy-out.ts';
import { withCliSession } from '../../ca/session.ts';
import { requireKeyForEngine } from '../../ca/server-key.ts';
import { checkBundlePlace, isEarlierBundle } from '../../client/write-bundle.ts';
import type { SecureOrder } from './secure-order.ts';
import { bundlePlace } from './bundle-place.ts';
import { plannedDaemon } from './planned-daemon.ts';
import { whyIssue } from './wanted.ts';

/** Refuses, before anything is made, what one of the steps would refuse after others were taken. */
export async function preflight(order: SecureOrder): Promise<void> {
  const { args, io, directory } = order;
  const isDry = args.flag('dry-run') === true;
  await plannedDaemon(order, { waits: !isDry });
  // A user without the right to write is still shown what would be written.
  if (!isDry) checkFolder(path.dirname(engineOf(args, io).config));
  checkOut(args, io, { kind: 'server', withKey: true, caDirectory: directory, force: true });
  if (!(await hasCa(directory))) return check(order, undefined);
  await withCliSession(args, io, async ({ reader }) => check(order, reader));
}

async function check(order: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  await checkDates(order, reader);
  await checkNames(order, reader);
  await checkServerKey(order, reader);
  await checkBundles(order, reader);
}

/** A proof needs a CA that is valid now, be there a pair to issue or not. */
async function checkDates({ io, wanted }: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  const { lifetime } = wanted.server;
  const now = io.now();
  const profile = templateProfile();
  const authority = await reader?.authority();
  const ca = authority?.certificate.info ?? planValidity({ profile, now });
  planValidity({ profile, lifetime, issuer: { info: ca }, now });
  for (const { kind, name } of [wanted.server, ...wanted.clients]) {
    const pair = await reader?.current(kind, name);
    if (pair !== undefined) refuseNotYetValid(pair, now);
  }
}

/** The store refuses such a name too, but only when the pairs before it are published. */
async function checkNames({ wanted }: SecureOrder, reader: StoreReader | undefined): Promise<void> {
  const taken = new Map<string, string>();
  for (const order of [wanted.server, ...wanted.clients]) {
    const place = placeOf(order);
    const holder = await reader?.holder(order.kind, order.name);
    const other = taken.get(place) ?? holder?.name ?? order.name;
    if (other !== order.name) throw collision(order, other);
    taken.set(place, order.name);
  }
}

function placeOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  const folder = kind === 'server' || kind === 'client' ? toFolderName(kind, name) : name;
  return `${kind}/${foldFolderName(folder)}`;
}

function collision({ kind, name }: PairOrder, other: string): MtlsError {
  const message = `the ${kind} ${JSON.stringify(name)} would share its folder with ${JSON.stringify(other)}`;
  return new MtlsError('STORE_NAME_COLLIDES', message, {
    hint: 'choose a name that differs in more than case, punctuation or the form of its letters',
  });
}

/** A request's key is elsewhere; a pair that is issued again has a key made here. */
async function checkServerKey(
  { args, io, wanted }: SecureOrder,
  reader: StoreReader | undefined,
): Promise<void> {
  const server = await reader?.current('server', wanted.server.name);
  if (server !== undefined && whyIssue(wanted.server, server, io.now()) === undefined)
    requireKeyForEngine(args, server);
}

async function checkBundles(
  { args, io, wanted }: SecureOrder,
  reader: StoreReader | undefined,
): Promise<void> {
  for (const { name } of wanted.clients) {
    const { file, isNamed } = bundlePlace({ args, io, name });
    const client = await reader?.current('client', name);
    checkBundlePlace(file, (old) => !isNamed || (client !== undefined && isEarlierBundle(old, client)));
  }
}
