import {
  formatTcpHost,
  openHosts,
  parseDaemonConfig,
  readDaemonConfig,
  readScalar,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, TcpAddress } from '@docker-mtls/daemon-config';
import type { HostUnit } from './host-unit.ts';
import type { LocalEngine } from './local-engine.ts';
import { heldAddresses, tcpAddresses } from './plan-host.ts';
import { readUnit } from './this-host.ts';

const DEFAULT_LISTEN = '0.0.0.0:2376';

/**
 * The addresses that an engine is to serve on, as `HOST:PORT`: those that are named; else those on which it serves with
 * TLS already, so that none is opened by the way; and only an engine without any gets 0.0.0.0:2376.
 */
export async function wantedListens(
  engine: LocalEngine,
  named: readonly string[],
): Promise<readonly string[]> {
  if (named.length > 0) return named;
  const { config } = engine;
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  const unit = await readUnit(engine);
  if (!hasTls(document, unit)) return [DEFAULT_LISTEN];
  const listens = servedAddresses(document, unit).map((each) => formatTcpHost(each).replace('tcp://', ''));
  return listens.length === 0 ? [DEFAULT_LISTEN] : [...new Set(listens)];
}

/** Where clients reach the engine now. */
export function servedAddresses(
  document: DaemonConfigDocument,
  unit: HostUnit | undefined,
): readonly TcpAddress[] {
  const inner = tcpAddresses(openHosts(document, unit?.opens ?? { hosts: [], tls: false }).flat());
  if (unit === undefined) return inner;
  if (!unit.scope.isRootless) return inner;
  // rootlesskit may publish ports of containers, too.
  return heldAddresses(unit, document).filter(({ port }) => inner.some((each) => each.port === port));
}

function hasTls(document: DaemonConfigDocument, unit: HostUnit | undefined): boolean {
  return (
    readScalar(document, 'tls') === true ||
    readScalar(document, 'tlsverify') !== undefined ||
    unit?.command.tls === true
  );
}
