import { contextWarning } from './context-problem.ts';
import type { ContextProblem } from './context-problem.ts';
import { isTcpHost, tcpTarget } from '../store/context-host.ts';
import type { StoredContext } from '../store/read-contexts.ts';
import { proxyFor, unusableAllProxy } from './proxy.ts';

type Chosen = Pick<StoredContext, 'name' | 'host' | 'usesTls'>;
type Environment = Readonly<Record<string, string | undefined>>;

/** What in the environment keeps the docker command from a context, or from going straight to its engine. */
export function contextOverrides(context: Chosen, env: Environment): readonly ContextProblem[] {
  const found = [
    hostOverride(env) ?? contextOverride(context, env),
    allProxy(context, env),
    proxied(context, env),
  ];
  return found.filter((problem) => problem !== undefined);
}

/** docker/cli cli/command/cli.go: --context, --host, DOCKER_HOST, DOCKER_CONTEXT and `docker context use`, in this order. */
export function hostOverride(env: Environment): ContextProblem | undefined {
  if (!isSet(env['DOCKER_HOST'])) return undefined;
  return contextWarning(
    'host-overridden',
    'DOCKER_HOST is set in this terminal, and wins over every context',
    'unset DOCKER_HOST, or pass --context',
  );
}

function contextOverride({ name }: Chosen, env: Environment): ContextProblem | undefined {
  const chosen = env['DOCKER_CONTEXT'];
  if (!isSet(chosen) || chosen === name) return undefined;
  return contextWarning(
    'context-overridden',
    'DOCKER_CONTEXT chooses another context in this terminal',
    'unset DOCKER_CONTEXT, or pass --context',
  );
}

function proxied({ host, usesTls }: Chosen, env: Environment): ContextProblem | undefined {
  const target = isTcpHost(host) ? tcpTarget(host) : undefined;
  if (target === undefined) return undefined;
  const { name, port = defaultPort(usesTls) } = target;
  const used = proxyFor({ name, port, tls: usesTls }, env);
  if (used === undefined) return undefined;
  return contextWarning(
    'proxied',
    `the docker command would go through the proxy of ${used.variable} to ${name}:${port}`,
    `add ${name} to NO_PROXY`,
  );
}

function allProxy({ host }: Chosen, env: Environment): ContextProblem | undefined {
  const used = isTcpHost(host) ? unusableAllProxy(env) : undefined;
  if (used === undefined) return undefined;
  return contextWarning(
    'proxy-unusable',
    `${used.variable} is not a SOCKS5 address, so Docker CLIs up to 28 end with an error or crash`,
    `unset ${used.variable}`,
  );
}

/** The Docker CLI leaves that to HTTP. */
export function defaultPort(usesTls: boolean): number {
  return usesTls ? 443 : 80;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
