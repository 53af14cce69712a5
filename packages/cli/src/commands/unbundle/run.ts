import path from 'node:path';
import { parseEngineHost } from '@docker-mtls/bundle';
import type { EngineHost } from '@docker-mtls/bundle';
import { installContext, placeBundle, planContext, planFolder } from '@docker-mtls/context';
import type { ContextPlan } from '@docker-mtls/context';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { contextWants } from './context-wants.ts';
import { openFile } from './open-file.ts';
import { unbundleReport } from './report.ts';

/** Unpacks a bundle from outside. Nothing is written before all of it is verified, and everything has its place. */
export async function run(args: Args, io: Io): Promise<Report> {
  checkWords(args);
  const given = args.list('for').map((text) => parseEngineHost(text));
  const bundle = await openFile(args, io);
  const hosts = given.length > 0 ? given : bundle.hosts;
  const folder = path.resolve(io.cwd, args.text('out') ?? bundle.client);
  const force = args.flag('force') === true;
  const planned = planFolder(folder, bundle, { hosts, force, now: io.now() });
  const contexts = args.flag('install') === true ? planContexts(args, io, { bundle, hosts }) : [];
  const setAside = placeBundle(planned);
  const installed = contexts.map((plan) => installContext(dockerFolder(io), plan));
  return unbundleReport({ bundle, hosts, planned, setAside, contexts: installed });
}

function checkWords(args: Args): void {
  if (args.flag('install') !== true && args.text('name') !== undefined)
    throw new UsageError('--name is for the context that --install makes', 'add --install, or omit --name');
}

type Installed = {
  readonly bundle: Parameters<typeof contextWants>[0];
  readonly hosts: readonly EngineHost[];
};

function planContexts(args: Args, io: Io, { bundle, hosts }: Installed): readonly ContextPlan[] {
  const force = args.flag('force') === true;
  const wants = contextWants(bundle, hosts, args.text('name'));
  const hint = 'choose another name with --name, or replace it with --force';
  return wants.map((wanted) => planContext(dockerFolder(io), wanted, { force, hint }));
}
