import fs from 'node:fs';
import path from 'node:path';
import {
  parseDaemonConfig,
  readDaemonConfig,
  readEngineFiles,
  withEngineFiles,
} from '@docker-mtls/daemon-config';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { engineFiles } from '@docker-mtls/engine';
import {
  explained,
  placeFolder,
  PRIVATE_FILE,
  readFileIfExists,
  realPath,
  removeFolder,
  replaceFile,
} from '@docker-mtls/files';
import type { FolderFile } from '@docker-mtls/files';
import type { Io } from '../../io/io.ts';
import { copyPair, isCopied } from '../../pair/copy-out.ts';
import type { Pair } from '../../pair/copy-out.ts';
import { CERTS, CONFIG_FILE } from './folders.ts';
import type { HostFolder } from './host-folder.ts';

const KEPT = '.docker-mtls.pair';
const KEPT_HERE = path.join(CERTS, KEPT);

/**
 * Brings a pair to where the engine reads it. No rename changes two files at once, and the host may start its engine at
 * any moment: so meanwhile daemon.json leads to a copy of the pair that was there. A run that is killed leaves it so,
 * and the next one goes on. Codes: `FILE_…`.
 */
export function bringToEngine(pair: Pair, { path: folder }: HostFolder, io: Pick<Io, 'now' | 'note'>): void {
  const own = engineFiles(folder);
  const kept = engineFiles(path.posix.join(folder, KEPT));
  if (!isCopied(CERTS, pair)) {
    if (leadsTo(own) && keepFiles(own)) leadTo(kept);
    copyOrTakeBack(pair, own, io);
  }
  if (leadsTo(kept)) leadTo(own);
  removeFolder(KEPT_HERE);
}

function copyOrTakeBack(pair: Pair, own: EngineFiles, { now, note }: Pick<Io, 'now' | 'note'>): void {
  try {
    copyPair(CERTS, pair, { force: true, now: now(), note });
  } catch (error) {
    takeBack(own);
    throw error;
  }
}

/** Where nothing was replaced, nothing has happened. Elsewhere the copy stays what the engine reads. */
function takeBack(own: EngineFiles): void {
  try {
    const copies = filesIn(KEPT_HERE, own);
    if (
      copies === undefined ||
      !copies.every(({ name, data }) => readFileIfExists(path.join(CERTS, name))?.equals(data))
    )
      return;
    leadTo(own);
    removeFolder(KEPT_HERE);
  } catch {
    // Of a full disk, say. The next run does it.
  }
}

/** Were all of them there? What a run that was killed has kept of an earlier pair gives way. */
function keepFiles(own: EngineFiles): boolean {
  const files = filesIn(CERTS, own);
  if (files === undefined) return false;
  removeFolder(KEPT_HERE);
  placeFolder(KEPT_HERE, files);
  return true;
}

type HereFile = FolderFile & { readonly data: Buffer };

/** The files of those names in a folder; `undefined` unless all are there. */
function filesIn(folder: string, { ca, certificate, key }: EngineFiles): readonly HereFile[] | undefined {
  const files = [ca, certificate, key].flatMap((file) => {
    const name = path.posix.basename(file);
    const data = readFileIfExists(path.join(folder, name));
    return data === undefined ? [] : [{ name, data, mode: PRIVATE_FILE }];
  });
  return files.length === 3 ? files : undefined;
}

function leadsTo({ ca, certificate, key }: EngineFiles): boolean {
  const named = readEngineFiles(parseDaemonConfig(readDaemonConfig(CONFIG_FILE), CONFIG_FILE));
  return named?.ca === ca && named.certificate === certificate && named.key === key;
}

function leadTo(files: EngineFiles): void {
  const text = withEngineFiles(parseDaemonConfig(readDaemonConfig(CONFIG_FILE), CONFIG_FILE), files);
  // Links are followed: it is their target that gets other contents.
  const target = realPath(CONFIG_FILE);
  replaceFile(
    target,
    text,
    explained('look at', target, () => fs.statSync(target)),
  );
}
