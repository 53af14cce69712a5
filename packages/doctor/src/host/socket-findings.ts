import fs from 'node:fs';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { SocketUnit } from './socket-units.ts';

/** Who may use the local socket of an engine. */
export function socketFindings(path: string, owner: number): readonly FoundFinding[] {
  const stats = statOf(path);
  if (stats === undefined || !stats.isSocket()) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  if ((stats.mode & 0o006) !== 0)
    return [found('host', 'socket-open', { subject: path, message: `its mode is ${mode}` })];
  if (stats.uid === owner) return [];
  return [found('host', 'socket-owner', { subject: path, message: `uid ${stats.uid} owns it` })];
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** systemd keeps a port open whatever the engine makes of it: without TLS in daemon.json, it serves plain HTTP. */
export function socketUnitFindings(units: readonly SocketUnit[]): readonly FoundFinding[] {
  return units.flatMap(({ name, addresses, isOurs }) =>
    isOurs
      ? []
      : addresses.map(({ host, port }) =>
          found('listeners', 'socket-unit-tcp', {
            subject: name,
            message: `it listens on ${host}:${port} for the engine`,
            hint: `remove that ListenStream= with systemctl edit ${name}, and restart it`,
          }),
        ),
  );
}
