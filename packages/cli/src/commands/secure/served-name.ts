import { hasCa } from '@docker-mtls/authority';
import type { Args } from '../../command-line/args.ts';
import { engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { servedServer } from '../../pair/served-pair.ts';
import { withCliSession } from '../../ca/session.ts';

/** Without NAME, the server that is meant is the one whose pair daemon.json names, if it is one of this CA. */
export async function servedName(args: Args, io: Io, directory: string): Promise<string | undefined> {
  if (args.text('name') !== undefined || !(await hasCa(directory))) return undefined;
  const { config } = engineOf(args, io);
  return withCliSession(args, io, async ({ reader }) => servedServer(config, reader));
}
