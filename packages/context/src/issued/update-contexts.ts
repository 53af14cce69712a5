import { hasCa, hasKey, inPlace, withSession } from '@docker-mtls/authority';
import type { Access, Session } from '@docker-mtls/authority';
import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import { refuseOtherCa } from '../check/context-roots.ts';
import { readClientCertificate } from '../check/read-tls.ts';
import { contextClient } from '../store/install-context.ts';
import { listContexts, readContext } from '../store/read-contexts.ts';
import { updateContext } from '../store/write-contexts.ts';
import { unpackedTls } from '../unpacked/unpacked-folder.ts';
import { clientTls, newerTls } from './client-tls.ts';
import { issuedEntry } from './issued-entry.ts';

/** A client of the CA directory, or the folder that its bundle was unpacked to. */
export type ContextClient = { readonly name: string } | { readonly folder: string };

/** What a context is to have from now on; without any of it, the newest certificate of its client. */
export type ContextUpdate = {
  readonly host: string | undefined;
  readonly description: string | undefined;
  readonly client: ContextClient | undefined;
};

export type UpdatedContext = {
  readonly context: string;
  readonly client: string | undefined;
  readonly changed: boolean;
};

/** Where certificates come from, asked for only where one is needed. */
export type ContextSupply = {
  readonly access: () => Access;
  readonly now: () => Date;
  readonly force: boolean;
};

/** Brings one context up to date. `CONTEXT_EXISTS` where it trusts another CA, unless `force`. */
export async function updateNamed(
  directory: string,
  name: string,
  update: ContextUpdate,
  supply: ContextSupply,
): Promise<UpdatedContext> {
  const context = readContext(directory, name);
  const { client, ...rest } = update;
  const tls = await newTls(context, update, supply);
  if (tls !== undefined && client !== undefined && !supply.force)
    refuseOtherCa(context, tls, 'then add --force');
  const changed = updateContext(directory, name, {
    ...rest,
    ...(tls !== undefined && { tls, skipTlsVerify: false }),
  });
  return { context: name, client: contextClient(tls ?? context.tls), changed };
}

async function newTls(
  context: DockerContext,
  { client, host, description }: ContextUpdate,
  { access, now }: ContextSupply,
): Promise<Required<ContextTls> | undefined> {
  if (client === undefined) {
    if (readClientCertificate(context.tls) === undefined) return undefined;
    // A new engine or description is given without any CA too: a laptop has none, and SSH needs none.
    const isOther = host !== undefined || description !== undefined;
    if (isOther && !(await hasCa(access().directory))) return undefined;
    return withSession(access(), (session) => newerTls(session, context));
  }
  if ('folder' in client) return unpackedTls(client.folder, now());
  return withSession(access(), (session) => clientTls(session, client.name));
}

/** Brings all contexts up to date that use a certificate of this CA. */
export async function updateIssued(directory: string, session: Session): Promise<readonly UpdatedContext[]> {
  const updated: UpdatedContext[] = [];
  for (const context of listContexts(directory).contexts) {
    const entry = await issuedEntry(session.reader, context);
    if (entry === undefined || !hasKey(await inPlace(session, entry))) continue;
    const tls = await newerTls(session, context);
    const changed = tls !== undefined && updateContext(directory, context.name, { tls });
    updated.push({ context: context.name, client: entry.name, changed });
  }
  return updated;
}
