import fs from 'node:fs';
import { shellWord } from '@docker-mtls/errors';
import { findUnsafeFolderOf, readFile } from '@docker-mtls/files';
import { AuthzError } from '../error.ts';

/** Everything about a file that changes with its content, or with who may change it. */
export type FileState = string;

/** `missing` is a state as well. */
export function fileStateOf(file: string): FileState {
  try {
    const { dev, ino, size, mode, uid, mtimeNs, ctimeNs } = fs.statSync(file, { bigint: true });
    return [dev, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'missing';
  }
}

const ROOT = 0n;
const OTHERS_WRITE = 0o022n;

/**
 * Reads a file that decides over the engine: it has to belong to root, and no one else may write to it, to the folders above it, or
 * to those of links that lead to it.
 * Codes: `AUTHZ_FILE_UNSAFE`, and those of `readFile`.
 */
export function readOwnFile(file: string, limit: number): Buffer {
  const folder = findUnsafeFolderOf(file, { rootAlone: true });
  if (folder !== undefined) {
    throw unsafe(`${file} is not used: ${folder.reason} ${folder.folder}`, folder.hint);
  }
  const bytes = readFile(file, limit, Number(ROOT));
  const { mode } = fs.statSync(file, { bigint: true });
  if ((mode & OTHERS_WRITE) !== 0n) {
    throw unsafe(
      `${file} is not used: others than root may write to it`,
      `run chmod go-w ${shellWord(file)}`,
    );
  }
  return bytes;
}

function unsafe(message: string, hint: string): AuthzError {
  return new AuthzError('AUTHZ_FILE_UNSAFE', message, { hint });
}
