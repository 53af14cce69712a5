import net from 'node:net';
import os from 'node:os';
import { parseEngineHost } from '@docker-mtls/daemon-config';
import type { TcpAddress } from '@docker-mtls/daemon-config';
import { HostError } from './host-error.ts';
import { oneLine } from './one-line.ts';
import type { Run } from './run-program.ts';

type Listens = {
  /** The `hosts` that the engine has now, while it runs; what it holds itself is no obstacle. */
  readonly held: readonly string[];
  readonly wanted: readonly string[];
};

/**
 * Tries the addresses that the engine is to listen on, before it is restarted: it would not start when this machine
 * lacks one, or somebody else has its port. Throws `HOST_ADDRESS_ABSENT` and `HOST_PORT_TAKEN`.
 */
export async function refuseUnusable({ held, wanted }: Listens, run: Run): Promise<void> {
  const ports = new Set(addresses(held).map(({ port }) => port));
  for (const address of addresses(wanted)) {
    const code = await tryToListen(address);
    if (code === 'EADDRNOTAVAIL') throw absent(address);
    if (code === 'EADDRINUSE' && !ports.has(address.port)) throw await taken(address, run);
  }
}

function addresses(hosts: readonly string[]): readonly TcpAddress[] {
  return hosts.flatMap((host) => {
    const parsed = parseEngineHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address] : [];
  });
}

/** The error's code; `undefined` when all is well. */
function tryToListen({ host, port }: TcpAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function absent({ host }: TcpAddress): HostError {
  const own = Object.values(os.networkInterfaces()).flatMap(
    (face) => face?.map((entry) => entry.address) ?? [],
  );
  return new HostError('HOST_ADDRESS_ABSENT', `this machine does not have the address ${host}`, {
    hint: `it has ${[...new Set(own)].join(', ')}; 0.0.0.0 stands for all of them`,
  });
}

async function taken({ host, port }: TcpAddress, run: Run): Promise<HostError> {
  const { stdout } = await run('ss', ['-Hltnp', `sport = :${port}`]);
  const [, name, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(stdout) ?? [];
  const holder = name === undefined ? 'another program' : `${oneLine(name)} (process ${pid})`;
  return new HostError('HOST_PORT_TAKEN', `${holder} has port ${port} of ${host} already`, {
    hint: 'stop it, or choose another port with --listen',
  });
}
