import { isWithoutInodes } from '@docker-mtls/files';
import { type RegistryErrorCode, RegistryError, RESTORE_HINT } from '../error.ts';

type Explanation = readonly [code: RegistryErrorCode, reason: string, hint: string];

const CANNOT_OPEN = 14;

// https://sqlite.org/rescode.html: the low byte is the primary code.
const EXPLANATIONS: Readonly<Record<number, Explanation>> = {
  5: ['REGISTRY_BUSY', 'another command is using it', 'wait for the other command, then run this one again'],
  6: ['REGISTRY_BUSY', 'another command is using it', 'wait for the other command, then run this one again'],
  8: [
    'REGISTRY_READ_ONLY',
    'it cannot be written',
    'run as the owner of the CA directory, on a writable disk',
  ],
  10: ['REGISTRY_UNUSABLE', 'the disk reports an error', 'look at the disk, then run the command again'],
  11: ['REGISTRY_CORRUPT', 'it is damaged', RESTORE_HINT],
  13: ['REGISTRY_NO_SPACE', 'no space left on the device', 'free some space and run the command again'],
  [CANNOT_OPEN]: ['REGISTRY_UNUSABLE', 'it cannot be opened', 'run as the owner of the CA directory'],
  26: ['REGISTRY_CORRUPT', 'it is no database', RESTORE_HINT],
};

/** Turns an error of SQLite's into a `RegistryError` that names the registry; anything else comes back as it was. */
export function explainSqliteError(error: unknown, path: string): unknown {
  const explanation = noInodes(error, path) ?? EXPLANATIONS[primaryCode(error)] ?? missingPart(error);
  if (explanation === undefined) return error;
  const [code, reason, hint] = explanation;
  return new RegistryError(code, `cannot use the registry ${path}: ${reason}`, { hint, cause: error });
}

/** SQLite cannot open its journal where no file can be made. */
function noInodes(error: unknown, path: string): Explanation | undefined {
  if (primaryCode(error) !== CANNOT_OPEN || !isWithoutInodes(path)) return undefined;
  return [
    'REGISTRY_NO_SPACE',
    'no inodes left on the device',
    'remove files that are not needed and run the command again',
  ];
}

/** All statements are ours, and so is the schema: a table or column that is missing was removed by somebody else. */
function missingPart(error: unknown): Explanation | undefined {
  const message = error instanceof Error ? error.message : '';
  const [missing] = /no such (?:table|column): [\w.]{1,60}/.exec(message) ?? [];
  if (missing === undefined) return undefined;
  return ['REGISTRY_CORRUPT', missing, RESTORE_HINT];
}

/** Is the database held by somebody else at the moment? */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5;
}

function primaryCode(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0;
  // node:sqlite
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  // libsql
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  // libsql reports a failed open only as text, with SQLite's code at the end.
  const failedOpen =
    'message' in error ? /ConnectionFailed\(".*: (\d+)"\)/su.exec(String(error.message)) : null;
  return failedOpen === null ? 0 : Number(failedOpen[1]) & 0xff;
}
