import fs from 'node:fs';
import path from 'node:path';
import type { Hook } from '@docker-mtls/authority/renewal';
import { MtlsError, quote } from '@docker-mtls/errors';
import { requireSafeFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/**
 * The hook after `--`, found before anything is renewed: what is missing then is told in time. As root, it is a file that
 * only root can change. Codes: `PROGRAM_NOT_RUN`, `FILE_UNSAFE`.
 */
export function hookOf({ rest }: Args, io: Io): Hook | undefined {
  const [name, ...args] = rest;
  if (name === undefined) return undefined;
  if (name === '') throw new UsageError('the hook after -- is empty', 'name a program after --');
  const program = findProgram(name, io);
  if (io.uid === 0) requireSafeFile(program, 'a hook that root runs');
  return { program, args, env: io.env };
}

/** As a shell finds a program: along PATH where the name has no slash. */
function findProgram(name: string, io: Io): string {
  const folders = name.includes('/')
    ? [io.cwd]
    : (io.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders.map((folder) => path.resolve(folder, name)).find(isProgram);
  if (found !== undefined) return found;
  throw new MtlsError('PROGRAM_NOT_RUN', `the hook ${quote(name)} is no program that can be run`, {
    hint: 'give its path, and make it executable; a command line of a shell is run with: -- sh -c "…"',
  });
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
