import fs from 'node:fs';
import path from 'node:path';
import { hasCa } from '@docker-mtls/authority';
import { MANIFEST_FILE, readManifest } from '@docker-mtls/bundle';
import { certificateFolder, isTcpHost, listContexts } from '@docker-mtls/context';
import type { StoredContext } from '@docker-mtls/context';
import { MtlsError, quote } from '@docker-mtls/errors';
import { exists, readFileIfExists, statIfExists } from '@docker-mtls/files';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Args } from '../command-line/args.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { Io } from '../io/io.ts';
import { CLIENT_FILES, clientFolder } from './client-folder.ts';
import { certificateOf, dockerFolder } from './docker-contexts.ts';

/** A folder with ca.pem, cert.pem and key.pem, and the engine that it is for, where that is known. */
export type ClientSource = { readonly folder: string; readonly host?: string };

/**
 * Where the files of a client are: the CA directory, a context, or a folder that a bundle was unpacked to. A laptop has
 * the last two alone. What has a slash is a folder. Codes: those of `clientFolder`.
 */
export async function clientSource(args: Args, io: Io, host: string | undefined): Promise<ClientSource> {
  const name = args.text('name') ?? '';
  if (isFolder(name)) return requireUnpacked(path.resolve(io.cwd, name));
  const directory = caDirectory(args, io);
  const isNoName = /^\.*$/.test(name);
  if (isNoName || exists(path.join(directory, 'clients', name))) return { folder: clientFolder(args, io) };
  const unpacked = path.join(io.cwd, name);
  const found =
    contextSource(name, host, io) ??
    (isUnpacked(unpacked) && isOwn(unpacked, io) ? requireUnpacked(unpacked) : undefined);
  if (found !== undefined) return found;
  if (await hasCa(directory)) return { folder: clientFolder(args, io) };
  throw new MtlsError('NOT_ISSUED', `${quote(name)} is not a client, a context or an unpacked bundle here`, {
    hint: 'unpack the bundle first: docker-mtls unbundle FILE --install; or name its folder, as in ./alice',
  });
}

/** A folder that a bundle was unpacked to. Code: `PAIR_MISSING`. */
export function requireUnpacked(folder: string): ClientSource {
  const missing = CLIENT_FILES.filter((file) => !exists(path.join(folder, file)));
  if (missing.length > 0)
    throw new MtlsError('PAIR_MISSING', `${folder} has no ${missing.join(' and no ')}`, {
      hint: 'name a folder that docker-mtls unbundle made',
    });
  const manifest = readFileIfExists(path.join(folder, MANIFEST_FILE));
  const hosts = manifest === undefined ? [] : readManifest(manifest).hosts;
  const [only] = hosts;
  return { folder, ...(only !== undefined && hosts.length === 1 && { host: only.url }) };
}

/** A client's name has no slash, so a word with one names a folder. */
export function isFolder(word: string): boolean {
  return /[/\\]/.test(word);
}

function isUnpacked(folder: string): boolean {
  return CLIENT_FILES.every((file) => exists(path.join(folder, file)));
}

/** A folder that was not named as one must not be somebody else's: its ca.pem says who the engine is. */
function isOwn(folder: string, { platform, uid }: Io): boolean {
  const stats = statIfExists(fs.realpathSync(folder));
  if (stats === undefined || platform === 'win32') return stats !== undefined;
  return stats.uid === uid && (stats.mode & 0o022) === 0;
}

/** The context of that name, or the one of the client for the engine. */
function contextSource(name: string, host: string | undefined, io: Io): ClientSource | undefined {
  const directory = dockerFolderIfKnown(io);
  if (directory === undefined) return undefined;
  const usable = listContexts(directory).contexts.filter(
    (context) => hasAllFiles(context) && (host === undefined || context.host === host),
  );
  const named = usable.find((context) => context.name === name);
  const clients = usable.filter(({ tls }) => certificateOf(tls)?.subject.commonName === name);
  const [chosen, other] = named === undefined ? clients : [named];
  if (chosen === undefined) return undefined;
  if (other !== undefined && other.host !== chosen.host)
    throw new UsageError(`${quote(name)} has contexts for several engines`, 'add --for HOST');
  return { folder: certificateFolder(directory, chosen.name), host: chosen.host };
}

/** Without a home folder there are no contexts, and that is no fault here. */
function dockerFolderIfKnown(io: Io): string | undefined {
  try {
    return dockerFolder(io);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function hasAllFiles({ host, tls }: StoredContext): boolean {
  const { ca, certificate, key } = tls;
  return isTcpHost(host) && ca !== undefined && certificate !== undefined && key !== undefined;
}
