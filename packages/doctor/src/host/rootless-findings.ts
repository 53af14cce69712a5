import { openHosts, parseListenHost, publishedNow } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import type { HostUnit } from '@docker-mtls/engine';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/**
 * Since 29.5 a rootless engine uses the network of the machine: a port that it opens itself and that rootlesskit publishes
 * too is opened twice, and the engine does not start.
 */
export function rootlessFindings(unit: HostUnit, document: DaemonConfigDocument): readonly FoundFinding[] {
  if (!unit.scope.isRootless || !unit.isDetached) return [];
  const published = new Set(publishedNow(unit.command, unit.files).map(({ port }) => port));
  const twice = openHosts(document, unit.opens)
    .flat()
    .flatMap((host) => {
      const parsed = parseListenHost(host);
      return parsed?.kind === 'tcp' && published.has(parsed.address.port) ? [parsed.address.port] : [];
    });
  if (twice.length === 0) return [];
  const message = `port ${[...new Set(twice)].join(', ')} is in hosts, and published by rootlesskit`;
  return [found('host', 'rootless-double-publish', { subject: unit.config, message })];
}
