import path from 'node:path';
import type { BundleFiles } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { checkFolder, makePrivateDirectory } from '@docker-mtls/files';
import { clientFiles } from '../client-files.ts';
import { folderOf, requireCurrent } from '../current-pair.ts';
import { AuthorityError } from '../error.ts';
import { finishPublishing } from '../finish-publishing.ts';
import { BATCH, issuePairs, plainClientOrder } from '../issue-pairs.ts';
import type { IssuedOne } from '../issue-pairs.ts';
import { sortClients } from '../listed-clients.ts';
import type { ClientList, SortedClients } from '../listed-clients.ts';
import type { ListedClient } from '../names-file.ts';
import { rememberCopies } from '../remember-copies.ts';
import type { Session } from '../session.ts';
import { refuseOutOfDate } from '../usable-pair.ts';
import { warnDue } from '../warn-due.ts';
import { checkBundlePlaces, writeBundles } from '../write-bundle.ts';
import type { BundleArchive, BundlePlace } from '../write-bundle.ts';
import type { BundleOrder } from './bundle-order.ts';
import { mayReplace } from './may-replace.ts';
import { packClientAs } from './pack-client-as.ts';

/** A client's pair that is to be packed. */
type PairToPack = {
  readonly name: string;
  readonly files: BundleFiles;
  readonly serial: string;
  readonly notAfter: Date;
  /** By this run. */
  readonly issued: boolean;
};

/** What became of a client, without its files: there may be a hundred thousand. */
export type PackedClient = Omit<PairToPack, 'files'> & {
  readonly withKey: boolean;
  readonly file: string;
  readonly bytes: number;
  /** Not so when the file held the same already. */
  readonly written: boolean;
};

/**
 * Packs everybody's files of a list into a folder, one archive each. A conflict is found before anything
 * is made; then they come in batches, each of them whole: a run that was stopped is finished by the same run again. Codes:
 * `NOT_ISSUED`, `NAMES_INVALID`, `BUNDLE_EXISTS`, `BUNDLE_KEY_ELSEWHERE`.
 */
export async function bundleClients(
  session: Session,
  order: BundleOrder & { readonly folder: string },
  wanted: ClientList,
): Promise<readonly PackedClient[]> {
  const { folder } = order;
  const sorted = await sortAndMend(session, wanted);
  if (!order.issue && sorted.missing.length > 0) throw notIssued(wanted, sorted);
  const { standing } = sorted;
  const places = wanted.clients.map(({ name }) => placeOf(order, name, standing.get(name)));
  if (checkFolder(folder)) checkBundlePlaces(folder, places);
  makePrivateDirectory(folder);
  const packed: PackedClient[] = [];
  for (let start = 0; start < wanted.clients.length; start += BATCH) {
    const clients = wanted.clients.slice(start, start + BATCH);
    packed.push(...(await packBatch({ session, order, folder, standing, clients })));
    session.caller.note?.({
      kind: 'progress',
      message: `packed ${packed.length} of ${wanted.clients.length}…`,
      part: { done: packed.length, of: wanted.clients.length },
    });
  }
  await rememberCopies(session, folder);
  return packed;
}

/** Codes: `NAMES_INVALID`; `PAIR_MISSING` where somebody has taken files away, `PAIR_EXPIRED`. */
async function sortAndMend(session: Session, wanted: ClientList): Promise<SortedClients> {
  const sorted = await sortClients(session.reader, wanted, { force: false });
  const isRepaired = await finishAny(session, [...sorted.standing.values()]);
  const repaired = isRepaired ? await sortClients(session.reader, wanted, { force: false }) : sorted;
  repaired.standing.forEach(folderOf);
  for (const entry of repaired.standing.values()) refuseOutOfDate(entry, session.caller.now());
  warnDue(session.caller, [...repaired.standing.values()]);
  return repaired;
}

/** One opening of the CA directory finishes all of them. */
async function finishAny(session: Session, entries: readonly Entry[]): Promise<boolean> {
  for (const entry of entries) if (await finishPublishing(session, entry)) return true;
  return false;
}

/** Where a client's archive goes, and what it may take the place of: what the same client was handed before. */
function placeOf(order: BundleOrder, name: string, standing: Entry | undefined): BundlePlace {
  const { form, format, recipients, force } = order;
  const kind = { context: 'dockercontext', flat: 'tar.gz', folder: format, p12: 'p12', pwd: 'tar.gz' }[form];
  const file = `${name}.${recipients.length > 0 ? `${kind}.age` : kind}`;
  return { name: file, mayReplace: standing === undefined ? () => force : mayReplace(order, standing, file) };
}

function notIssued({ list }: ClientList, { missing: [first, ...others] }: SortedClients): AuthorityError {
  const more = others.length === 0 ? '' : ` (and so for ${others.length} more)`;
  const says = `line ${first?.line}: the client ${JSON.stringify(first?.name)} has no pair yet${more}`;
  return new AuthorityError('NOT_ISSUED', `${list}, ${says}`, {
    hint: `add --issue, or run docker-mtls issue-client --names ${shellWord(list)} first`,
  });
}

type Batch = {
  readonly session: Session;
  readonly order: BundleOrder;
  readonly folder: string;
  readonly standing: ReadonlyMap<string, Entry>;
  readonly clients: readonly ListedClient[];
};

async function packBatch(batch: Batch): Promise<readonly PackedClient[]> {
  const { order, folder, standing } = batch;
  const { recipients } = order;
  const pairs = await pairsOf(batch);
  const archives: BundleArchive[] = [];
  for (const { name, files } of pairs) {
    const [packed] = await packClientAs(order, { name, files }, { recipients });
    if (packed === undefined) throw new Error(`nothing was packed for ${name}`);
    archives.push({ ...placeOf(order, name, standing.get(name)), data: packed.data });
  }
  const written = writeBundles(folder, archives);
  return pairs.map(({ files, ...pair }, index) => ({
    ...pair,
    withKey: files.key !== undefined,
    file: path.join(folder, archives[index]?.name ?? ''),
    bytes: archives[index]?.data.length ?? 0,
    written: written[index] === true,
  }));
}

/** Everybody's pair: as it was just issued, or as it stands in the CA directory. */
async function pairsOf({ session, standing, clients }: Batch): Promise<readonly PairToPack[]> {
  const missing = clients.filter(({ name }) => !standing.has(name));
  const issued = await issuePairs(session, {
    wanted: missing,
    orderOf: plainClientOrder,
    keep: (client) => client,
  });
  const fresh = new Map(issued.map((client) => [client.name, client]));
  const pairs: PairToPack[] = [];
  for (const { name } of clients) {
    const pair = fresh.get(name);
    const entry = pair ?? standing.get(name) ?? (await requireCurrent(session.reader, 'client', name));
    pairs.push('files' in entry ? issuedPair(entry) : standingPair(entry));
  }
  return pairs;
}

function issuedPair({ name, files, certificate: { info } }: IssuedOne): PairToPack {
  return { name, files, issued: true, serial: info.serial, notAfter: info.notAfter };
}

function standingPair(entry: Entry): PairToPack {
  const { name, serial, notAfter } = entry;
  return { name, files: clientFiles(entry), issued: false, serial, notAfter };
}
