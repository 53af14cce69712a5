import { contextNameOf } from '@docker-mtls/bundle';
import type { EngineHost } from '@docker-mtls/bundle';
import type { WholeBundle } from '@docker-mtls/bundle/open';
import { contextTls } from '@docker-mtls/context';
import type { WantedContext } from '@docker-mtls/context';
import { UsageError } from '../../command-line/usage-error.ts';

/** The context for each engine of a bundle. */
export function contextWants(
  { client, files }: WholeBundle,
  hosts: readonly EngineHost[],
  name: string | undefined,
): readonly WantedContext[] {
  if (hosts.length === 0)
    throw new UsageError('the bundle names no engine, so no context can be made', 'add --for HOST');
  if (name !== undefined && hosts.length > 1)
    throw new UsageError(`${hosts.length} engines cannot share one context`, 'omit --name');
  return hosts.map((host) => ({
    name: name ?? contextNameOf(host),
    description: `${client} at ${host.name}`,
    host: host.url,
    tls: contextTls(files),
  }));
}
