import { findClient, runClient } from '@docker-mtls/image';
import { caAccess } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { clientReport } from './client-report.ts';

/** The client's side. */
export async function run(args: Args, io: Io): Promise<Report> {
  const { directory, host } = findClient(io.env);
  return clientReport(host, await runClient(caAccess(args, io, directory)));
}
