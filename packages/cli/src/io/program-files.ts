import fs from 'node:fs';
import path from 'node:path';
import { realPath } from '@docker-mtls/files';
import type { Io } from './io.ts';

/** What starts this program, without links: itself, or Node and its script. */
export function programWords(io: Io): readonly [string, ...string[]] {
  const program = realPath(io.programFile);
  const node = realPath(process.execPath);
  return program === node ? [node] : [node, program];
}

/** Every file that is run then: the single executable is one file; a script is run by Node, with the files of its package. */
export function programFiles(io: Io): readonly string[] {
  const [node, script] = programWords(io);
  if (script === undefined) return [node];
  const folder = path.dirname(path.dirname(script));
  const below = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [node, ...below.map((name) => path.join(folder, name))];
}
