import type { DockerContext } from '@docker-mtls/bundle';
import { warning } from './context-problem.ts';
import type { ContextProblem } from './context-problem.ts';
import { proxyFor } from './proxy.ts';

type Chosen = Pick<DockerContext, 'name' | 'host' | 'skipTlsVerify' | 'tls'>;
type Environment = Readonly<Record<string, string | undefined>>;

/** What in the environment keeps the docker command from a context, or from going straight to its engine. */
export function contextOverrides(context: Chosen, env: Environment): readonly ContextProblem[] {
  return [hostOverride(env) ?? contextOverride(context, env), proxied(context, env)].filter(
    (problem) => problem !== undefined,
  );
}

/** docker/cli cli/command/cli.go: --context, --host, DOCKER_HOST, DOCKER_CONTEXT and `docker context use`, in this order. */
export function hostOverride(env: Environment): ContextProblem | undefined {
  if (!isSet(env['DOCKER_HOST'])) return undefined;
  return warning(
    'host-overridden',
    'DOCKER_HOST is set in this terminal, and wins over every context',
    'unset DOCKER_HOST, or pass --context',
  );
}

function contextOverride({ name }: Chosen, env: Environment): ContextProblem | undefined {
  const chosen = env['DOCKER_CONTEXT'];
  if (!isSet(chosen) || chosen === name) return undefined;
  return warning(
    'context-overridden',
    'DOCKER_CONTEXT chooses another context in this terminal',
    'unset DOCKER_CONTEXT, or pass --context',
  );
}

function proxied({ host, skipTlsVerify, tls }: Chosen, env: Environment): ContextProblem | undefined {
  if (!host.startsWith('tcp://') || !URL.canParse(host)) return undefined;
  const url = new URL(host);
  const hasTls = skipTlsVerify || Object.keys(tls).length > 0;
  if (proxyFor(url, env, { tls: hasTls }) === undefined) return undefined;
  return warning(
    'proxied',
    `the docker command would go through a proxy to ${url.host}`,
    `add ${url.hostname} to NO_PROXY`,
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
