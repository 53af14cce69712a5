import path from 'node:path';
import type { BundleFiles, NamedFile } from '@docker-mtls/bundle';
import { readCertificationRequest } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { clientFiles } from '../client-files.ts';
import { requireCurrent } from '../current-pair.ts';
import { AuthorityError } from '../error.ts';
import { inPlace } from '../finish-publishing.ts';
import { issuePairs, plainClientOrder } from '../issue-pairs.ts';
import { rememberCopies } from '../remember-copies.ts';
import type { Session } from '../session.ts';
import { refuseOutOfDate } from '../usable-pair.ts';
import { warnDue } from '../warn-due.ts';
import { checkBundlePlace, writeBundle } from '../write-bundle.ts';
import type { BundleOrder } from './bundle-order.ts';
import { mayReplace } from './may-replace.ts';
import { packClientAs } from './pack-client-as.ts';

/** How the files of one client are to be packed. */
export type OneBundleOrder = BundleOrder & {
  readonly name: string;
  /** The client's certificate request: its certificate must be for the same key, which never was here. */
  readonly request: Buffer | undefined;
  /** Asked for when there is something to lock; without it, the recipients lock it, or nothing does. */
  readonly passphrase: (() => Promise<string>) | undefined;
};

/** The archives of one client, in memory. */
export type PackedBundle = {
  readonly client: Entry;
  readonly withKey: boolean;
  readonly archives: readonly NamedFile[];
};

/**
 * Packs the files of a client. Codes: `NOT_ISSUED`, `PAIR_…`, `REQUEST_OF_OTHER`, `BUNDLE_KEY_ELSEWHERE`, those of issuing.
 */
export async function bundleClient(session: Session, order: OneBundleOrder): Promise<PackedBundle> {
  const { name, request, recipients, passphrase } = order;
  const client = await clientOf(session, order);
  refuseOutOfDate(client, session.caller.now());
  warnDue(session.caller, [client]);
  const files = request === undefined ? clientFiles(client) : requestedFiles(client, request);
  const lock = { recipients, ...(passphrase !== undefined && { passphrase: await passphrase() }) };
  const archives = await packClientAs(order, { name, files }, lock);
  return { client, withKey: files.key !== undefined, archives };
}

async function clientOf(
  session: Session,
  { issue, name }: Pick<OneBundleOrder, 'issue' | 'name'>,
): Promise<Entry> {
  if (issue && (await session.reader.current('client', name)) === undefined)
    await issuePairs(session, {
      wanted: [{ name, groups: [] }],
      orderOf: plainClientOrder,
      keep: (client) => client,
    });
  return inPlace(session, await requireCurrent(session.reader, 'client', name));
}

/** A request's owner has the key: nothing but certificates goes back. */
function requestedFiles(client: Entry, request: Buffer): BundleFiles {
  const { ca, certificate } = clientFiles(client);
  const { publicKey } = readCertificationRequest(request);
  if (client.certificate().info.publicKey.equals(publicKey)) return { ca, certificate };
  throw new AuthorityError(
    'REQUEST_OF_OTHER',
    `the certificate of ${JSON.stringify(client.name)} was issued for another key than the request's`,
    { hint: `docker-mtls issue-client ${shellWord(client.name)} --csr FILE signs the request` },
  );
}

/** Where archives go: into a folder, or one of them into a file. */
export type BundleTarget = { readonly folder: string } | { readonly file: string };

export type WrittenBundle = { readonly file: string; readonly bytes: number; readonly written: boolean };

/**
 * Writes all archives of a client or none: a conflict is found before anything is written. What this client was handed before
 * is not in the way. Code: `BUNDLE_EXISTS`.
 */
export async function writeClientBundles(
  session: Session,
  { client, archives }: PackedBundle,
  order: Pick<BundleOrder, 'force' | 'hosts'> & { readonly target: BundleTarget },
): Promise<readonly WrittenBundle[]> {
  const { target } = order;
  const places = archives.map(({ name, data }) => {
    const file = 'file' in target ? target.file : path.join(target.folder, name);
    return { file, data, mayReplace: mayReplace(order, client, file) };
  });
  if (places.length > 1)
    for (const { file, data, mayReplace: may } of places)
      checkBundlePlace(file, (old) => old?.equals(data) === true || may(old));
  const written = places.map(({ file, data, mayReplace: may }) => ({
    file,
    bytes: data.length,
    written: writeBundle(file, data, may),
  }));
  for (const { file } of written.slice(0, 1)) await rememberCopies(session, path.dirname(file));
  return written;
}
