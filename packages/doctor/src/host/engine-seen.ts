import type { HostUnit, RunningEngine } from '@docker-mtls/engine';
import type { SocketUnit } from './socket-units.ts';

/** One engine of this machine: its process, if it runs, and what systemd has for it. */
export type EngineSeen = {
  readonly process: RunningEngine | undefined;
  readonly unit: HostUnit | undefined;
  readonly sockets: readonly SocketUnit[];
};
