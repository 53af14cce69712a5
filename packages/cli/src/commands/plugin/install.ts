import fs from 'node:fs';
import path from 'node:path';
import { makeDirectory, realPath, replaceLink, requireSafeFolders } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { linkOf, requireLink } from './plugin-link.ts';

/** Links this program into the plugins of one user, or of all. */
export async function installAction(args: Args, io: Io): Promise<Report> {
  const link = linkOf(args, io);
  const program = realPath(io.programFile);
  const { isThere } = requireLink(link);
  const forAll = args.flag('system') === true;
  if (forAll) requireOfRoot(program);
  requireSafeFolders(path.dirname(link), 'a plugin of the Docker CLI');
  const changed = !isThere || fs.readlinkSync(link) !== program;
  if (changed) {
    // Other users have to come through the folders, whatever root's umask is.
    if (forAll) process.umask(0o022);
    makeDirectory(path.dirname(link));
    replaceLink(link, program);
  }
  const done = changed ? `${link} now leads to ${program}` : `${link} leads to ${program} already`;
  return { json: { link, program, changed }, text: `${done}\nNext: docker mtls --help\n` };
}

/** Every user, root too, runs what the link leads to: only root may be able to change any of it. */
function requireOfRoot(program: string): void {
  for (const file of filesOf(program)) requireSafeFolders(file, 'a plugin for every user of this machine');
}

/** The single executable is one file; a script is run by Node, with the files of its package. */
function filesOf(program: string): readonly string[] {
  if (program === realPath(process.execPath)) return [program];
  const folder = path.dirname(path.dirname(program));
  const below = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [process.execPath, ...below.map((name) => path.join(folder, name))];
}
