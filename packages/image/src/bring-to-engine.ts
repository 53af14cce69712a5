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
import type { Caller } from '@docker-mtls/errors';
import { explained, realPath, removeFolder, replaceFile } from '@docker-mtls/files';
import { copyPair } from '@docker-mtls/secure/pair';
import type { PairToCopy } from '@docker-mtls/secure';
import { CERTS, CONFIG_FILE } from './folders.ts';
import type { HostFolder } from './host-folder.ts';

/** Where earlier releases kept the pair that was there, with daemon.json leading to it, while they replaced its files. */
const KEPT = '.docker-mtls.pair';

/**
 * Brings a pair to where the engine reads it, as one change: the host may start its engine at any moment. What an
 * earlier release was killed in the middle of is finished. Codes: `FILE_…`.
 */
export function bringToEngine(pair: PairToCopy, { path: folder }: HostFolder, { now, note }: Caller): void {
  copyPair(CERTS, pair, { force: true, now: now(), note });
  if (leadsTo(engineFiles(path.posix.join(folder, KEPT)))) leadTo(engineFiles(folder));
  removeFolder(path.join(CERTS, KEPT));
}

function leadsTo({ ca, certificate, key }: EngineFiles): boolean {
  const named = readEngineFiles(parseDaemonConfig(readDaemonConfig(CONFIG_FILE), CONFIG_FILE));
  return named?.ca === ca && named.certificate === certificate && named.key === key;
}

function leadTo(files: EngineFiles): void {
  const text = withEngineFiles(parseDaemonConfig(readDaemonConfig(CONFIG_FILE), CONFIG_FILE), files);
  // Links are followed: it is their target that gets other contents.
  const target = realPath(CONFIG_FILE);
  const access = explained('look at', target, () => fs.statSync(target));
  replaceFile(target, text, access);
}
