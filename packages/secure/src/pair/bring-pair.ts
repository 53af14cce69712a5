import fs from 'node:fs';
import path from 'node:path';
import { AuthorityError } from '@docker-mtls/authority';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import {
  changeAccess,
  currentGeneration,
  explained,
  lstatIfExists,
  PRIVATE_FILE,
  PUBLIC_FILE,
  publishGeneration,
  readFile,
  readFileIfExists,
  realPath,
  replaceFile,
} from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/ca-directory';
import { keepPairAside } from './keep-aside.ts';

/**
 * Brings a server's pair to where the engine reads it, when that is a copy. Files that an administrator has put there
 * keep their mode and owner, and what they held is kept aside. Which CAs the engine trusts is no part of its pair.
 */
export function bringPair(server: Entry, engine: EngineFiles, now: Date): void {
  const { key, certificate } = server.read();
  if (key === undefined) throw keyMissing(server);
  const isThere =
    readFileIfExists(engine.key)?.equals(key) === true &&
    readFileIfExists(engine.certificate)?.equals(certificate) === true;
  if (isThere) return;
  const folder = path.dirname(engine.certificate);
  if (currentGeneration(folder) !== undefined && isAllIn(folder, engine)) {
    const [ca, certificateName, keyName] = [engine.ca, engine.certificate, engine.key].map((file) =>
      path.basename(file),
    );
    const access = [engine.ca, engine.certificate, engine.key].map((file) => fs.statSync(file));
    publishGeneration(
      folder,
      [String(keyName), String(ca), String(certificateName)],
      [
        { name: String(keyName), data: key, mode: PRIVATE_FILE },
        { name: String(ca), data: readFile(engine.ca), mode: PUBLIC_FILE },
        { name: String(certificateName), data: certificate, mode: PUBLIC_FILE },
      ],
    );
    [engine.ca, engine.certificate, engine.key].forEach((file, index) => keepAccess(file, access[index]));
    return;
  }
  bringFile(key, engine.key, now);
  bringFile(certificate, engine.certificate, now);
}

/** An administrator may have let a group read the key, say. What another user puts in its place meanwhile is left alone. */
function keepAccess(file: string, was: fs.Stats | undefined): void {
  const published = realPath(file);
  const now = lstatIfExists(published);
  if (was === undefined || now === undefined) return;
  const { uid, gid } = was;
  if (now.uid !== uid || now.gid !== gid) changeAccess(published, { uid, gid }, now);
  if (now.mode !== was.mode) changeAccess(published, { mode: was.mode & 0o7777 }, now);
}

function isAllIn(folder: string, { ca, certificate, key }: EngineFiles): boolean {
  return [ca, certificate, key].every((file) => path.dirname(file) === folder);
}

function keyMissing({ name }: Entry): AuthorityError {
  return new AuthorityError(
    'PAIR_KEY_ELSEWHERE',
    `the key of the server ${JSON.stringify(name)} is not in the CA directory`,
    {
      hint: 'copy the certificate to where the key is, or issue a new pair with --force',
    },
  );
}

function bringFile(bytes: Buffer, target: string, now: Date): void {
  if (readFileIfExists(target)?.equals(bytes) === true) return;
  const access = explained('look at', target, () => fs.statSync(target));
  keepPairAside(target, access.mode, now);
  replaceFile(target, bytes, access);
}
