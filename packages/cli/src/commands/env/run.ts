import {
  detectShell,
  DOCKER_VARIABLES,
  dockerVariables,
  parseShell,
  renderEnvironment,
  renderUnset,
} from '@docker-mtls/context/environment';
import type { Shell } from '@docker-mtls/context/environment';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerEnvironmentOf, OTHER_CA_VARIABLES } from '../../client/docker-environment.ts';
import type { Io } from '../../io/io.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { shellWord } from '@docker-mtls/errors';

/** Prints what a shell evaluates to use an engine, or to forget it. */
export async function run(args: Args, io: Io): Promise<Report> {
  const named = args.text('shell');
  const shell = named === undefined ? detectShell(io.env, io.platform) : parseShell(named);
  return args.flag('unset') === true ? unset(shell, args) : set(shell, args, io);
}

async function set(shell: Shell, args: Args, io: Io): Promise<Report> {
  if (args.text('name') === undefined) throw new UsageError('NAME is missing', 'docker-mtls env --help');
  const environment = await dockerEnvironmentOf(args, io);
  for (const name of OTHER_CA_VARIABLES.filter((each) => (io.env[each] ?? '') !== ''))
    io.note(
      `warning: ${name} is set: docker-compose 1 and docker-py would use it instead of ca.pem; unset it for them`,
    );
  const text = renderEnvironment(shell, environment, commandLine(args, ['ca-dir', 'for', 'shell']));
  return { json: { shell, set: dockerVariables(environment) }, text };
}

function unset(shell: Shell, args: Args): Report {
  const text = renderUnset(shell, `${commandLine(args, ['shell'])} --unset`);
  return { json: { shell, unset: DOCKER_VARIABLES }, text };
}

/** How we were called, to be typed again. */
function commandLine(args: Args, options: readonly string[]): string {
  const given = options.flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  const name = args.text('name');
  return ['docker-mtls', 'env', ...(name === undefined ? [] : [name]), ...given].map(shellWord).join(' ');
}
