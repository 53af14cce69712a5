import path from 'node:path';
import { parseDaemonConfig, readDaemonConfig, readEngineFiles } from '@docker-mtls/daemon-config';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { shellWord } from '@docker-mtls/errors';
import { exists, isPublishedLink, readFileIfExists, realPath } from '@docker-mtls/files';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { SecureError } from '../error.ts';

/** A server's pair as the engine of this machine reads it. */
export type ServedPair = {
  readonly config: string;
  readonly name: string;
  readonly reader: StoreReader;
};

/** The files that daemon.json names, when the certificate among them is one of this server's, current or earlier. */
export async function servedFiles({ config, name, reader }: ServedPair): Promise<EngineFiles | undefined> {
  const files = readEngineFiles(parseDaemonConfig(readDaemonConfig(config), config));
  if (files === undefined) return undefined;
  const shown = fingerprintIn(files.certificate);
  const own = await reader.entries({ kind: 'server', name, all: true });
  return own.some(({ fingerprint }) => fingerprint === shown) ? realFiles(files) : undefined;
}

/** The name of the server whose certificate daemon.json names, an earlier one of it included. */
export async function servedServer(config: string, reader: StoreReader): Promise<string | undefined> {
  const files = readEngineFiles(parseDaemonConfig(readDaemonConfig(config), config));
  return files && serverWith(files.certificate, reader);
}

/** The name of the server whose certificate, current or earlier, is in a file. */
export async function serverWith(file: string, reader: StoreReader): Promise<string | undefined> {
  const [shown] = certificatesIn(file);
  if (shown === undefined) return undefined;
  const known = await reader.ofKey(shown);
  return known.find(({ kind, fingerprint }) => kind === 'server' && fingerprint === shown.info.fingerprint)
    ?.name;
}

/** Links are followed, but for those of a pair directory: its files are published together. */
function realFiles({ ca, certificate, key }: EngineFiles): EngineFiles | undefined {
  if (![ca, certificate, key].every((file) => exists(file))) return undefined;
  return { ca: realFile(ca), certificate: realFile(certificate), key: realFile(key) };
}

function realFile(file: string): string {
  const folder = realPath(path.dirname(file));
  const name = path.basename(file);
  return isPublishedLink(folder, name) ? path.join(folder, name) : realPath(file);
}

/** As `servedFiles`. `PAIR_NOT_SERVED` says what would make the engine serve with that server's pair. */
export async function requireServed(pair: ServedPair): Promise<EngineFiles> {
  const files = await servedFiles(pair);
  if (files !== undefined) return files;
  const message = `the engine that reads ${pair.config} serves with no pair of ${JSON.stringify(pair.name)} whose files are all there`;
  throw new SecureError('PAIR_NOT_SERVED', message, {
    hint: `omit --apply; docker-mtls daemon-config --server ${shellWord(pair.name)} --apply makes it serve with it`,
  });
}

function fingerprintIn(file: string): string | undefined {
  return certificatesIn(file)[0]?.info.fingerprint;
}

function certificatesIn(file: string): readonly Certificate[] {
  const bytes = readFileIfExists(file);
  if (bytes === undefined) return [];
  try {
    return readCertificates(bytes);
  } catch {
    // Whatever it is, docker-mtls did not make it.
    return [];
  }
}
