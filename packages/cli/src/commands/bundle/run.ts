import path from 'node:path';
import {
  inPlace,
  issuePairs,
  plainClientOrder,
  refuseOutOfDate,
  rememberCopies,
  requireCurrent,
} from '@docker-mtls/authority';
import { checkBundlePlace, clientFiles, writeBundle } from '@docker-mtls/authority/archives';
import type { BundleFiles, NamedFile } from '@docker-mtls/bundle';
import { readCertificationRequest } from '@docker-mtls/ca';
import { MtlsError, shellWord } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { passphraseForArchive } from '../../ca/passphrase.ts';
import { noteDue } from '../../ca/note-due.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { wantedClientsOf } from '../../pair/wanted-clients.ts';
import { bundleList } from './bundle-list.ts';
import { replaces } from './earlier-bundle.ts';
import { bundleOrderOf } from './order.ts';
import type { BundleOrder } from './order.ts';
import { packOrder } from './pack.ts';
import type { BundleLock } from './pack.ts';
import { bundleReport } from './report.ts';

/** Packs a client's files into an archive to hand over, or those of everybody in a list. */
export async function run(args: Args, io: Io): Promise<Report> {
  const wanted = wantedClientsOf(args, io);
  const order = bundleOrderOf(args, io);
  return withCliSession(args, io, (session) =>
    'list' in wanted ? bundleList(session, order, wanted) : bundleOne(session, order, { args, ...wanted }),
  );
}

type One = { readonly args: Args; readonly name: string };

async function bundleOne(session: CliSession, order: BundleOrder, { args, name }: One): Promise<Report> {
  const { io } = session;
  const client = await clientOf(session, order, name);
  refuseOutOfDate(client, io.now());
  noteDue(io, [client]);
  const files = order.request === undefined ? clientFiles(client) : requestedFiles(client, order.request);
  const packed = await packOrder(order, { name, files }, await lockOf(order, args, io));
  const [first] = packed;
  if (order.output === '-' && first !== undefined) return { json: {}, text: '', bytes: first.data };
  const written = writeAll({ order, client, packed, io });
  for (const { file } of written.slice(0, 1)) await rememberCopies(session, path.dirname(file));
  return bundleReport({ order, client, withKey: files.key !== undefined, written });
}

async function clientOf(session: CliSession, { issue }: BundleOrder, name: string): Promise<Entry> {
  if (issue && (await session.reader.current('client', name)) === undefined)
    await issuePairs(session, {
      wanted: [{ name, groups: [] }],
      orderOf: plainClientOrder,
      keep: (client) => client,
    });
  return inPlace(session, await requireCurrent(session.reader, 'client', name));
}

/** A request's owner has the key: nothing but certificates goes back. Code: `REQUEST_OF_OTHER`. */
function requestedFiles(client: Entry, request: Buffer): BundleFiles {
  const { ca, certificate } = clientFiles(client);
  const { publicKey } = readCertificationRequest(request);
  if (client.certificate().info.publicKey.equals(publicKey)) return { ca, certificate };
  throw new MtlsError(
    'REQUEST_OF_OTHER',
    `the certificate of ${JSON.stringify(client.name)} was issued for another key than the request's`,
    { hint: `docker-mtls issue-client ${shellWord(client.name)} --csr FILE signs the request` },
  );
}

async function lockOf(order: BundleOrder, args: Args, io: Io): Promise<BundleLock> {
  const { recipients } = order;
  if (!order.encrypt && order.form !== 'p12') return { recipients };
  return { recipients, passphrase: await passphraseForArchive('bundle', args, io) };
}

type Writing = {
  readonly order: BundleOrder;
  readonly client: Entry;
  readonly packed: readonly NamedFile[];
  readonly io: Io;
};

/**
 * All of them or none: a conflict is found before anything is written. What this client was handed
 * before is not in the way.
 */
function writeAll({
  order,
  client,
  packed,
  io,
}: Writing): readonly { readonly file: string; readonly bytes: number; readonly written: boolean }[] {
  const places = packed.map(({ name, data }) => {
    const file = path.resolve(io.cwd, order.output ?? name);
    return { file, data, mayReplace: replaces(order, client, file) };
  });
  if (places.length > 1) {
    for (const { file, data, mayReplace } of places)
      checkBundlePlace(file, (old) => old?.equals(data) === true || mayReplace(old));
  }
  return places.map(({ file, data, mayReplace }) => ({
    file,
    bytes: data.length,
    written: writeBundle(file, data, mayReplace),
  }));
}
