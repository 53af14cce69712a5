import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { runClient } from './client.ts';
import { runServer } from './server.ts';

/** Does the work of one of the image's two containers, in the folders of the host that are mounted into it. */
export function run(args: Args, io: Io): Promise<Report> {
  return args.text('part') === 'server' ? runServer(io) : runClient(io);
}
