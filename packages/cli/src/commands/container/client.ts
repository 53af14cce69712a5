import {
  checkBundlePlace,
  hasCa,
  isEarlierBundle,
  packClient,
  requireCurrent,
  withSession,
  writeBundle,
} from '@docker-mtls/authority';
import type { PairOrder, Session } from '@docker-mtls/authority';
import { checkFolder } from '@docker-mtls/files';
import { MtlsError } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import { copyPair, pairOf, issueMissing, whyDue } from '@docker-mtls/secure';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { caAccess } from '../../ca/session.ts';
import { alone } from './alone.ts';
import { clientReport } from './client-report.ts';
import { caFolder, CERTS, CERTS_OPTION, CLIENT, CLIENT_BUNDLE } from './folders.ts';
import { namedFolder } from './host-folder.ts';
import { readMounts, requireMounted, requireOurs } from './mounted-folder.ts';
import { SERVER } from './server-words.ts';

/** As the book's own certificate names it. */
const NAME = 'client';

const PAIR: PairOrder = { kind: 'client', name: NAME, groups: [], sans: [], force: false };

/**
 * The client's side: its files, and the book's archive of them. The CA's key is read only where a pair has to be made;
 * a CA is never made here, for no engine would know it.
 */
export async function runClient(args: Args, io: Io): Promise<Report> {
  const mounts = readMounts();
  requireMounted(mounts, CERTS, CERTS_OPTION);
  requireOurs(CERTS);
  const host = namedFolder(io);
  const directory = caFolder(mounts);
  if (!(await hasCa(directory))) throw noCa(directory);
  const access = caAccess(args, io, directory);
  await withSession(access, async ({ reader }) => refuseOtherFiles(await reader.current('client', NAME)));
  return alone(io, () => withSession(access, (session) => handOut(session, host)));
}

async function handOut(session: Session, host: string | undefined): Promise<Report> {
  const { reader, caller } = session;
  const [root] = await reader.entries({ kind: 'ca' });
  const steps = await issueMissing(session, [PAIR], whyDue(root));
  const client = await requireCurrent(reader, 'client', NAME);
  copyPair(CLIENT, pairOf(client), { force: true, now: caller.now() });
  const written = writeBundle(CLIENT_BUNDLE, packClient(client, 'pwd'), (old) =>
    isEarlierBundle(old, client),
  );
  return clientReport({ host, steps, written, server: await reader.current('server', SERVER) });
}

/** Throws, before anything is made, what handing out would throw later. */
function refuseOtherFiles(client: Entry | undefined): void {
  if (!checkFolder(CLIENT)) return;
  checkBundlePlace(CLIENT_BUNDLE, (old) => client !== undefined && isEarlierBundle(old, client));
}

function noCa(directory: string): MtlsError {
  return new MtlsError('CONTAINER_NO_CA', `there is no CA in ${directory} that could sign for a client`, {
    hint: `run the server's container on this folder first: docker container run ${CERTS_OPTION} -v /etc/docker:/docker docker-mtls:server`,
  });
}
