import fs from 'node:fs';
import { shellWord } from '@docker-mtls/errors';
import { findUnsafeFolder, lstatIfExists } from '@docker-mtls/files';
import { StoreError } from './error.ts';

/** The owner of what is at a path, if we are root and the owner is another user. */
export function otherOwner(path: string): number | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const uid = lstatIfExists(path)?.uid;
  return uid === 0 ? undefined : uid;
}

/**
 * Root changes nothing in the CA directory of another user: that user could lead root elsewhere meanwhile, and could
 * not go on to use what root had made. Code: `CA_DIRECTORY_OTHER_OWNER`.
 */
export function refuseOtherOwner(directory: string): void {
  const owner = otherOwner(directory);
  if (owner === undefined) return;
  const name = userName(owner);
  throw new StoreError(
    'CA_DIRECTORY_OTHER_OWNER',
    `${directory} belongs to another user (${name}), and root does not change it`,
    {
      hint: `run as that user: sudo -u ${shellWord(name)} docker-mtls … (in a container: --user ${owner})`,
    },
  );
}

/** Root makes no CA where another user could take its key. Code: `CA_DIRECTORY_OTHER_OWNER`. */
export function refusePlaceOfOthers(directory: string): void {
  if (process.geteuid?.() !== 0) return;
  refuseOtherOwner(directory);
  const folder = findUnsafeFolder(directory)?.folder;
  const owner = folder === undefined ? undefined : otherOwner(folder);
  if (owner === undefined) return;
  const name = userName(owner);
  throw new StoreError(
    'CA_DIRECTORY_OTHER_OWNER',
    `root makes no CA in ${directory}: ${folder} belongs to another user (${name}), who could take its key`,
    {
      hint: `run as that user: sudo -u ${shellWord(name)} docker-mtls …, or choose another directory with --ca-dir`,
    },
  );
}

/** The login name of a user; `#1000`, as sudo takes it, for one without. */
function userName(uid: number): string {
  const name = passwdLines()
    .map((line) => line.split(':'))
    .find(([, , number]) => number === String(uid))?.[0];
  return name ?? `#${uid}`;
}

function passwdLines(): readonly string[] {
  try {
    return fs.readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return [];
  }
}
