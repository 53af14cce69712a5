import { removeFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { linkOf, requireLink } from './plugin-link.ts';

/** Removes the link that makes this program a plugin. */
export async function removePluginAction(args: Args, io: Io): Promise<Report> {
  const link = linkOf(args, io);
  const { isThere: removed } = requireLink(link);
  if (removed) removeFile(link);
  return { json: { link, removed }, text: removed ? `Removed ${link}\n` : `There is no ${link}\n` };
}
