import path from 'node:path';
import { LARGEST_FILE, readFile } from '@docker-mtls/files';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { readStream } from '../../io/read-stream.ts';

const STDIN = 0;

/** The text of a list of targets; `-` is stdin. */
export function readList(file: string, io: Io): string {
  if (file !== '-') return readFile(path.resolve(io.cwd, file)).toString('utf8');
  const bytes = readStream(STDIN, 'stdin', LARGEST_FILE);
  if (bytes.length <= LARGEST_FILE) return bytes.toString('utf8');
  throw new UsageError(`stdin holds more than ${LARGEST_FILE} bytes`, 'write fewer targets');
}
