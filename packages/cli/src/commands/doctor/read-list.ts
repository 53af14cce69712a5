import fs from 'node:fs';
import path from 'node:path';
import { readFile } from '@docker-mtls/files';
import type { Io } from '../../io/io.ts';

const STDIN = 0;

/** The text of a list of targets; `-` is stdin. */
export function readList(file: string, io: Io): string {
  if (file === '-') return fs.readFileSync(STDIN, 'utf8');
  return readFile(path.resolve(io.cwd, file)).toString('utf8');
}
