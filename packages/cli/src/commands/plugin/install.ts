import fs from 'node:fs';
import path from 'node:path';
import {
  makeDirectory,
  makePublicDirectory,
  realPath,
  replaceLink,
  requireSafeFile,
  requireSafeFolders,
} from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { programFiles } from '../../io/program-files.ts';
import { linkOf, requireLink } from './plugin-link.ts';

/** Links this program into the plugins of one user, or of all. */
export async function installPluginAction(args: Args, io: Io): Promise<Report> {
  const link = linkOf(args, io);
  const program = realPath(io.programFile);
  const { isThere } = requireLink(link);
  const forAll = args.flag('system') === true;
  const whose = forAll ? 'a plugin for every user of this machine' : 'a plugin of the Docker CLI';
  // Every user, root too, runs what a link for all leads to: only root may change it. One user trusts its owner already.
  const trust = forAll ? { rootAlone: true } : { trustsOwner: true };
  for (const file of programFiles(io)) requireSafeFile(file, whose, trust);
  requireSafeFolders(path.dirname(link), whose, { rootAlone: forAll });
  const changed = !isThere || fs.readlinkSync(link) !== program;
  if (changed) {
    (forAll ? makePublicDirectory : makeDirectory)(path.dirname(link));
    replaceLink(link, program);
  }
  const done = changed ? `${link} now leads to ${program}` : `${link} leads to ${program} already`;
  return { json: { link, program, changed }, text: `${done}\nNext: docker mtls --help\n` };
}
