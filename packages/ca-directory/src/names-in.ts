import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '@docker-mtls/files';

/** What is in a folder; nothing when there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return explained('read', folder, () => fs.readdirSync(folder));
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return [];
    throw error;
  }
}
