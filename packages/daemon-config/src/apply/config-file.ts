import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained, FileError, lstatIfExists, readFileIfExists } from '@docker-mtls/files';
import type { FileAccess } from '@docker-mtls/files';
import { LARGEST_CONFIG } from '../decode.ts';

/** The bytes of a daemon.json, `undefined` when there is none; links are followed. Throws `FILE_…`. */
export function readDaemonConfig(path: string): Buffer | undefined {
  return readFileIfExists(resolveTarget(path), LARGEST_CONFIG);
}

/**
 * The file that a path stands for: the target of a link, which stays a link, or else the path made absolute. A
 * link that leads nowhere is refused: what its owner meant cannot be known.
 */
export function resolveTarget(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && isLink(path)) throw deadLink(path, error);
    if (hasCode(error, 'ENOENT')) return nodePath.resolve(path);
    return explained('read', path, () => {
      throw error;
    });
  }
}

/** The mode and owner that a file's copy or successor is to have. */
export function accessOf(path: string): FileAccess {
  return explained('read', path, () => fs.statSync(path));
}

function isLink(path: string): boolean {
  return lstatIfExists(path)?.isSymbolicLink() === true;
}

function deadLink(path: string, cause: unknown): FileError {
  const target = JSON.stringify(explained('read', path, () => fs.readlinkSync(path)));
  return new FileError(
    'FILE_NOT_FOUND',
    `cannot read ${path}: it is a link to ${target}, which does not exist`,
    {
      hint: 'make the file that it leads to, or take the link away',
      cause,
    },
  );
}
