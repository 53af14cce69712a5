import type fs from 'node:fs';
import { orRefused } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { notSeen } from '../not-seen.ts';

/** A revocation list of some 400,000 entries. */
const LARGEST = 32 * 1024 * 1024;

/** Root reads nothing in the CA directory of another user that a link of that user leads to. */
export function readOwner({ uid }: fs.Stats): number | undefined {
  return process.geteuid?.() === 0 && uid !== 0 ? uid : undefined;
}

/** What is in a file; a string says why it cannot be read, and `undefined` that there is none. */
export function contentOf(file: string, owner: number | undefined): Buffer | string | undefined {
  return orRefused(
    () => readFileIfExists(file, LARGEST, owner),
    // A folder or a pipe holds nothing of what should be there.
    ({ code, message }) => (code === 'FILE_NOT_REGULAR' ? Buffer.alloc(0) : message),
  );
}

/** A file that can be written again from the registry: is it there, and as it should be? */
export function compareFile(
  file: string,
  owner: number | undefined,
  whyWrong: (content: Buffer) => string | undefined,
): readonly FoundFinding[] {
  const content = contentOf(file, owner);
  if (typeof content === 'string') return [notSeen(file, content)];
  if (content === undefined)
    return [found('authority', 'file-missing', { subject: file, message: 'it is missing' })];
  const why = whyWrong(content);
  return why === undefined
    ? []
    : [found('authority', 'file-differs', { subject: file, message: `it ${why}` })];
}
