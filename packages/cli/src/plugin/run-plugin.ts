import type { Io } from '../io/io.ts';
import { main } from '../main.ts';
import { failure } from '../outcome.ts';
import type { ProcessOutcome } from '../outcome.ts';
import { completionAnswer } from './complete.ts';
import { withoutPluginVariables } from './docker-environment.ts';
import type { EnvironmentChange } from './docker-environment.ts';
import { readPluginCall } from './plugin-call.ts';
import type { PluginCall } from './plugin-call.ts';
import { stopWithDocker } from './stop-with-docker.ts';

/** The environment of this process, which the programs that it runs get too. */
type Environment = Record<string, string | undefined>;

/** Runs what docker asks its plugin for; a command line that is not docker's is run as it stands. */
export async function runPlugin(argv: readonly string[], env: Environment, io: Io): Promise<ProcessOutcome> {
  let call: PluginCall | undefined;
  try {
    call = readPluginCall(argv, env);
  } catch (error) {
    return failure(error, argv.includes('--json'));
  }
  if (call === undefined) return main(argv, io);
  const socket = env['DOCKER_CLI_PLUGIN_SOCKET'];
  changeEnvironment(env, withoutPluginVariables(env));
  if (call.kind === 'complete')
    return { stdout: completionAnswer(call.words, call.described), stderr: '', exitCode: 0 };
  if (socket !== undefined && socket !== '') stopWithDocker(socket);
  changeEnvironment(env, call.change);
  return main(call.words, io, spelledAsPlugin);
}

function changeEnvironment(env: Environment, change: EnvironmentChange): void {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
}

/** Command lines as they are typed after `docker`: the help and its hints show no others. */
function spelledAsPlugin(text: string): string {
  return text.replaceAll(/(?<![\w./-])docker-mtls(?= [a-zC[<-]| *$)/gm, 'docker mtls');
}
