import nodePath from 'node:path';
import { exists, realPath } from '@docker-mtls/files';

/** The file that a path stands for, whether it exists or not. */
export function realPathOf(path: string): string {
  return exists(path) ? realPath(path) : nodePath.resolve(path);
}
