import { hasCa, requireCurrent, withSession } from '@docker-mtls/authority';
import { checkBundlePlace, isEarlierBundle, packClient, writeBundle } from '@docker-mtls/authority/archives';
import type { Access, PairOrder, Session } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import { MtlsError } from '@docker-mtls/errors';
import { checkFolder } from '@docker-mtls/files';
import { issueMissing, pairOf, whyDue } from '@docker-mtls/secure';
import { copyPair } from '@docker-mtls/secure/pair';
import type { PairStep } from '@docker-mtls/secure';
import { alone, caFolder, CERTS, CERTS_OPTION, CLIENT, CLIENT_BUNDLE, SERVER } from './folders.ts';
import { namedFolder } from './host-folder.ts';
import type { Environment } from './host-folder.ts';
import { readMounts, requireMounted, requireOurs } from './mounted-folder.ts';

/** As the book's own certificate names it. */
const NAME = 'client';

const PAIR: PairOrder = { kind: 'client', name: NAME, groups: [], sans: [], force: false };

/** What is mounted in the client's container. */
export type ClientPlace = {
  readonly directory: string;
  /** The folder at /certs as the host has it, if the user said so. */
  readonly host: string | undefined;
};

/** Codes: `CONTAINER_…`. */
export function findClient(env: Environment): ClientPlace {
  const mounts = readMounts();
  requireMounted(mounts, CERTS, CERTS_OPTION);
  requireOurs(CERTS);
  return { directory: caFolder(mounts), host: namedFolder({ env }) };
}

export type ClientOutcome = {
  readonly steps: readonly PairStep[];
  /** Was the archive written, or there already? */
  readonly written: boolean;
  readonly server: Entry | undefined;
};

/**
 * The client's side: its files, and the book's archive of them. The CA's key is read only where a pair has to be made;
 * a CA is never made here, for no engine would know it.
 */
export async function runClient(access: Access): Promise<ClientOutcome> {
  if (!(await hasCa(access.directory))) throw noCa(access.directory);
  await withSession(access, async ({ reader }) => refuseOtherFiles(await reader.current('client', NAME)));
  return alone(access.caller, () => withSession(access, handOut));
}

async function handOut(session: Session): Promise<ClientOutcome> {
  const { reader, caller } = session;
  const [root] = await reader.entries({ kind: 'ca' });
  const steps = await issueMissing(session, [PAIR], whyDue(root));
  const client = await requireCurrent(reader, 'client', NAME);
  copyPair(CLIENT, pairOf(client), { force: true, now: caller.now() });
  const written = writeBundle(CLIENT_BUNDLE, packClient(client, 'pwd'), (old) =>
    isEarlierBundle(old, client),
  );
  return { steps, written, server: await reader.current('server', SERVER) };
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
