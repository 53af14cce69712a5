import { openHosts, publishedNow } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { HostError } from './host-error.ts';
import type { HostUnit } from './host-unit.ts';
import { tcpAddresses } from './plan-host.ts';

/**
 * The ports that a rootless engine would open itself at its next start, though rootlesskit publishes them: it was secured
 * before its upgrade to 29.5, and will not start.
 */
export function publishedTwice(unit: HostUnit, document: DaemonConfigDocument): readonly number[] {
  if (!unit.scope.isRootless || !unit.isDetached) return [];
  const published = new Set(publishedNow(unit.command, unit.files).map(({ port }) => port));
  const open = tcpAddresses(openHosts(document, unit.opens).flat()).map(({ port }) => port);
  return [...new Set(open.filter((port) => published.has(port)))];
}

/** Refuses to restart such an engine as it is. Throws `HOST_PUBLISHED_TWICE`. */
export function refusePublishedTwice(unit: HostUnit, document: DaemonConfigDocument): void {
  const [port] = publishedTwice(unit, document);
  if (port === undefined) return;
  throw new HostError(
    'HOST_PUBLISHED_TWICE',
    `after an upgrade the engine opens port ${port} itself, and rootlesskit publishes it: it would not start`,
    { hint: 'run docker-mtls secure --apply once: it keeps one of the two' },
  );
}
