import path from 'node:path';
import { inPlace, refreshedOrNot } from '@docker-mtls/authority';
import type { Dependent, Session } from '@docker-mtls/authority';
import { shellWord, unlessRefused } from '@docker-mtls/errors';
import { namesIn, readFileIfExists, requireSafeFolders, statIfExists } from '@docker-mtls/files';
import type { CiEngine } from '../ci-engine.ts';
import { certificateFile, renderCredentials } from '../credentials.ts';
import { readExportedCertificate } from '../exported-certificate.ts';
import { CI_TARGETS } from '../target.ts';
import type { CiTarget } from '../target.ts';
import { isOfThisCa, writeCredentials } from './credential-folder.ts';
import { DEFAULT_OUT, readEnvironments } from './environments-file.ts';
import { credentialsOf } from './good-pair.ts';

type Clients = Pick<ReadonlySet<string>, 'has'>;

/**
 * Writes the credentials of these clients again in the folders of `ci export`: these, and below each of them the one that is
 * exported into where nobody says where. The server itself is given them by hand.
 */
export async function refreshExports(
  session: Session,
  clients: Clients,
  folders: readonly string[],
): Promise<readonly Dependent[]> {
  const dependents: Dependent[] = [];
  for (const out of new Set(folders.flatMap((folder) => [folder, path.join(folder, DEFAULT_OUT)])))
    for (const name of foldersIn(path.join(out, 'credentials')))
      dependents.push(...(await refresh(session, { clients, out, name })));
  return dependents;
}

/** One that cannot be looked at keeps no other from being: it may be what became of a folder that was remembered. */
function foldersIn(folder: string): readonly string[] {
  return unlessRefused(() => (statIfExists(folder)?.isDirectory() === true ? namesIn(folder) : [])) ?? [];
}

type Place = { readonly clients: Clients; readonly out: string; readonly name: string };

async function refresh(session: Session, { clients, out, name }: Place): Promise<readonly Dependent[]> {
  const folder = path.join(out, 'credentials', name);
  const engine = engineOf(out, name);
  const found = exportedIn(folder, engine);
  const entry = found && (await session.reader.current('client', found.client));
  if (found === undefined || entry === undefined || !clients.has(entry.name)) return [];
  if (!(await isOfThisCa(session.reader, found.issuer))) return [];
  const next = `hand ${folder} to the server again, as its README.md says`;
  const result = await refreshedOrNot({ kind: 'ci', place: folder, client: entry.name, next }, async () => {
    requireSafeFolders(folder, 'a private key');
    const credentials = credentialsOf(await inPlace(session, entry));
    writeCredentials(out, folder, renderCredentials(found.target, { ...credentials, engine }));
  });
  return [result.refreshed ? result : { ...result, next: exportCommand(entry.name, found.target) }];
}

function exportCommand(client: string, target: CiTarget): string {
  return `docker-mtls ci export ${shellWord(client)} --for ${target}`;
}

function engineOf(out: string, environment: string): CiEngine | undefined {
  return unlessRefused(() => readEnvironments(out).find((engine) => engine.environment === environment));
}

type Found = { readonly target: CiTarget; readonly client: string; readonly issuer: string | undefined };

function exportedIn(folder: string, engine: CiEngine | undefined): Found | undefined {
  for (const target of CI_TARGETS) {
    const data = unlessRefused(() => readFileIfExists(path.join(folder, certificateFile(target, engine))));
    const info = data && readExportedCertificate(target, data)?.info;
    const client = info?.subject.commonName;
    if (client !== undefined) return { target, client, issuer: info?.authorityKeyId };
  }
  return undefined;
}
