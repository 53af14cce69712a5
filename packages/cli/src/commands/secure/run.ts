import { hasCa } from '@docker-mtls/authority';
import { applySecure, planSecure } from '@docker-mtls/secure';
import { servedServer } from '@docker-mtls/secure/engine';
import { caDirectory } from '../../ca/ca-directory.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { secureOrder } from './order.ts';
import { previewReport, securedReport } from './report.ts';

/** The whole exercise: whatever of CA, server, client, daemon.json and bundle is missing, and the proof. */
export async function run(args: Args, io: Io): Promise<Report> {
  const order = await secureOrder(args, io, await servedName(args, io));
  if (args.flag('dry-run') === true) return previewReport(await planSecure(order, { dry: true }));
  const plan = await planSecure(order);
  return securedReport(plan, await applySecure(plan, { restart: args.flag('apply') === true }), io);
}

/** Without NAME, the server that is meant is the one whose pair daemon.json names, if it is one of this CA. */
async function servedName(args: Args, io: Io): Promise<string | undefined> {
  if (args.text('name') !== undefined || !(await hasCa(caDirectory(args, io)))) return undefined;
  const { config } = engineOf(args, io);
  return withCliSession(args, io, ({ reader }) => servedServer(config, reader));
}
