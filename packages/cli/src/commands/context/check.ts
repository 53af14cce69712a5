import { parseLifetime } from '@docker-mtls/ca';
import { checkContext, currentContext, readContext } from '@docker-mtls/context';
import type { ContextProblem } from '@docker-mtls/context';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { dockerFolder } from '../../docker-contexts.ts';
import type { Io } from '../../io.ts';
import { UsageError } from '../../usage-error.ts';

const WITHIN = '30d';

/** Why a context would not work in this terminal, without asking its engine. Exit code 3 when there is a reason. */
export async function checkAction(args: Args, io: Io): Promise<Report> {
  const directory = dockerFolder(io);
  const name = args.text('context') ?? (io.env['DOCKER_CONTEXT'] || currentContext(directory));
  if (name === undefined || name === 'default')
    throw new UsageError('no context is in use, and none is named', 'docker-mtls context list shows them');
  const within = parseLifetime({ ttl: args.text('within') ?? WITHIN });
  const problems = checkContext(readContext(directory, name), { now: io.now(), env: io.env, within });
  const json = { context: name, problems };
  if (problems.length === 0) return { json, text: `${name}: nothing is wrong with it here\n` };
  return { json, text: problems.map((problem) => describe(name, problem)).join(''), exitCode: 3 };
}

function describe(name: string, { severity, message, hint }: ContextProblem): string {
  return `${name}: ${severity}: ${message}\n  hint: ${hint}\n`;
}
