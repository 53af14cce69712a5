import { quote } from '@docker-mtls/errors';
import { placeOf } from './service-unit.ts';
import { unitProblem } from './unit-error.ts';
import { effectiveEntries } from './unit-file.ts';
import type { UnitFile } from './unit-file.ts';

/** A path, an abstract name, or a folder that systemd fills in (systemd.unit(5), "Specifiers"). */
const LOCAL = /^(?:[/@]|%[CEhLSTtV]\/)/;

/**
 * Refuses a docker.socket that listens on the network. The engine takes such a socket over with `fd://`: without TLS
 * it serves anyone, with no warning anywhere, and with TLS its gRPC goes past authorization plugins.
 * Throws `DAEMON_CONFIG_UNIT`.
 */
export function refuseNetworkSocket(files: readonly UnitFile[]): void {
  const entry = effectiveEntries(files, 'Socket', 'ListenStream').find(({ value }) => !LOCAL.test(value));
  if (entry === undefined) return;
  const hint = 'take that line out (systemctl edit docker.socket), daemon-reload, and restart docker.socket';
  throw unitProblem(`${placeOf(entry)} opens ${quote(entry.value)} on the network, past daemon.json`, hint);
}
