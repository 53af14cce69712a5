import { UsageError } from '../command-line/usage-error.ts';
import type { DockerFlag } from './docker-flags.ts';

/** Variables to set, and to remove where the value is undefined. */
export type EnvironmentChange = Readonly<Record<string, string | undefined>>;

const OWN_FILES = ['--tlscacert', '--tlscert', '--tlskey'];

/**
 * What docker's global options mean, as the environment that every command here reads. An option wins over every
 * variable: docker/cli cli/command/cli.go, resolveContextName.
 */
export function environmentOf(flags: readonly DockerFlag[]): EnvironmentChange {
  const file = flags.find(({ name }) => OWN_FILES.includes(name));
  if (file !== undefined)
    throw new UsageError(
      `docker's option ${file.name} has no effect on docker mtls`,
      'put the files into a folder and set DOCKER_CERT_PATH, or use a context',
    );
  const hosts = flags.filter(({ name }) => name === '--host');
  const context = lastText(flags, '--context');
  if (hosts.length > 1) throw new UsageError('--host was given more than once', 'give --host once');
  if (hosts.length > 0 && context !== undefined)
    throw new UsageError('--host and --context exclude each other', 'omit one of them');
  return {
    ...configChange(lastText(flags, '--config')),
    ...(context !== undefined && { DOCKER_CONTEXT: context, DOCKER_HOST: undefined }),
    ...(hosts[0] !== undefined && { DOCKER_HOST: String(hosts[0].value), DOCKER_CONTEXT: undefined }),
    ...switchChange(flags, '--tls', 'DOCKER_TLS'),
    ...switchChange(flags, '--tlsverify', 'DOCKER_TLS_VERIFY'),
  };
}

function lastText(flags: readonly DockerFlag[], wanted: string): string | undefined {
  const value = flags.findLast(({ name }) => name === wanted)?.value;
  return value === undefined ? undefined : String(value);
}

function configChange(folder: string | undefined): EnvironmentChange {
  return folder === undefined ? {} : { DOCKER_CONFIG: folder };
}

function switchChange(flags: readonly DockerFlag[], wanted: string, variable: string): EnvironmentChange {
  const flag = flags.findLast(({ name }) => name === wanted);
  return flag === undefined ? {} : { [variable]: flag.value === true ? '1' : undefined };
}

/** The docker CLI's own attributes of a trace, among those of others. */
const TRACED_BY_DOCKER = /^docker\.cli\./;

/** What the Docker CLI tells a plugin alone, and programs that it runs must not take for theirs. */
export function withoutPluginVariables(env: Readonly<Record<string, string | undefined>>): EnvironmentChange {
  const attributes = (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')
    .split(',')
    .filter((each) => each !== '' && !TRACED_BY_DOCKER.test(each));
  return {
    DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined,
    DOCKER_CLI_PLUGIN_SOCKET: undefined,
    OTEL_RESOURCE_ATTRIBUTES: attributes.length === 0 ? undefined : attributes.join(','),
  };
}
