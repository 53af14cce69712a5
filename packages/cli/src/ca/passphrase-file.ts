import fs from 'node:fs';
import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import { explained, readFile } from '@docker-mtls/files';
import type { Io } from '../io/io.ts';
import { readStream } from '../io/read-stream.ts';
import { isTerminal } from '../io/write-stream.ts';

const READABLE_BY_OTHERS = 0o004;

/**
 * The bytes of what `--passphrase-file` names: a file, a pipe (`<(pass show ca)`), or with `-` stdin. At most `limit` are
 * read. Codes: `FILE_…`, `PASSPHRASE_NEEDED` where it is a terminal.
 */
export function readPassphraseFile(named: string, limit: number, io: Io): Buffer {
  const descriptor = descriptorOf(named);
  if (descriptor !== undefined) return readSecret(descriptor, named, limit);
  const file = path.resolve(io.cwd, named);
  if (isPipe(file)) return readPipe(file, limit);
  const bytes = readFile(file, limit);
  warnOfReaders(file, io);
  return bytes;
}

/** `-`, or a name for a descriptor of this process, such as bash makes of `<(…)`. */
function descriptorOf(named: string): number | undefined {
  if (named === '-' || named === '/dev/stdin') return 0;
  const [, number] = /^\/(?:dev|proc\/self)\/fd\/(\d{1,6})$/.exec(named) ?? [];
  return number === undefined ? undefined : Number(number);
}

function isPipe(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFIFO() === true;
}

function readPipe(file: string, limit: number): Buffer {
  const descriptor = explained('read', file, () => fs.openSync(file, 'r'));
  try {
    return readSecret(descriptor, file, limit);
  } finally {
    fs.closeSync(descriptor);
  }
}

function readSecret(descriptor: number, name: string, limit: number): Buffer {
  refuseTerminal(descriptor, name);
  return readStream(descriptor, name, limit);
}

/** On a terminal it would be seen, and its end would be Ctrl-D. */
function refuseTerminal(descriptor: number, name: string): void {
  explained('read', name, () => fs.fstatSync(descriptor));
  if (!isTerminal(descriptor)) return;
  throw new MtlsError('PASSPHRASE_NEEDED', `${name} is a terminal, which would show the passphrase`, {
    hint: 'omit --passphrase-file to be asked for it, or write it to a pipe',
  });
}

function warnOfReaders(file: string, io: Io): void {
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if (io.platform === 'win32' || (mode & READABLE_BY_OTHERS) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  io.note(
    `warning: other users of this machine may read the passphrase in ${file} (mode ${octal}): chmod 600 it`,
  );
}
