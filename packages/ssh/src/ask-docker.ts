import { quote, shellWord } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import { sshError } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { longest } from './run-there.ts';
import type { Surroundings } from './run-there.ts';
import type { SshHost } from './ssh-host.ts';

/** An engine, as it told the docker command here. */
export type ReachedEngine = { readonly version: string; readonly apiVersion: string };

/** The proof: the docker command here, which has a version and an environment of its own, asks for the engine's version. */
export async function askDocker(
  { url }: SshHost,
  { env, patience }: Surroundings,
): Promise<ReachedEngine | SshProblem> {
  const words = ['--host', url, 'version', '--format', '{{json .Server}}'];
  const ran = await runProgram('docker', words, { env, timeoutMs: longest(patience) });
  if (ran.trouble?.kind === 'missing') return dockerMissing();
  if (ran.code === 0)
    return readServer(ran.stdout) ?? doesNotGoOn(url, `it says ${quote(ran.stdout.trim())}`);
  const said = ran.code === undefined ? 'it gave no answer in time' : quote(ran.stderr.trim());
  return doesNotGoOn(url, said);
}

function doesNotGoOn(url: string, said: string): SshProblem {
  return sshError(
    'docker-refuses-here',
    `all is well there, but the docker command here does not go on: ${said}`,
    `docker --host ${shellWord(url)} version`,
  );
}

function dockerMissing(): SshProblem {
  const message = 'all is well there, but there is no docker command here';
  return sshError(
    'docker-missing-here',
    message,
    "install Docker's command line (docker-cli or docker-ce-cli)",
  );
}

/** `undefined` for what is no engine's version: what is called docker here may be another program, such as podman. */
function readServer(text: string): ReachedEngine | undefined {
  try {
    const { Version: version, ApiVersion: apiVersion } = JSON.parse(text) as Readonly<
      Record<string, unknown>
    >;
    return typeof version === 'string' && typeof apiVersion === 'string'
      ? { version, apiVersion }
      : undefined;
  } catch {
    return undefined;
  }
}
