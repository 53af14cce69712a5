import { lookup } from 'node:dns/promises';
import net from 'node:net';
import os from 'node:os';
import { overlap, parseEngineHost } from '@docker-mtls/daemon-config';
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
 * lacks one, or somebody else has its port. Throws `HOST_ADDRESS_ABSENT`, `HOST_PORT_TAKEN` and `HOST_PORT_FORBIDDEN`.
 */
export async function refuseUnusable({ held, wanted }: Listens, run: Run): Promise<void> {
  const own = addresses(held);
  for (const address of addresses(wanted)) {
    const code = await tryToListen(address);
    if (code === 'EADDRINUSE') {
      if (!own.some((other) => overlap(other, address))) throw await taken(address, run);
    } else if (code === 'EACCES') throw forbidden(address);
    else if (code !== undefined) throw absent(address, code);
  }
}

function addresses(hosts: readonly string[]): readonly TcpAddress[] {
  return hosts.flatMap((host) => {
    const parsed = parseEngineHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address] : [];
  });
}

/** The error's code; `undefined` when all is well. */
async function tryToListen({ host, port }: TcpAddress): Promise<string | undefined> {
  const address = await resolved(host);
  if (address === undefined) return 'ENOTFOUND';
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Of the addresses of a name, Go listens on the first one of IPv4, or else on the first one. */
async function resolved(host: string): Promise<string | undefined> {
  if (net.isIP(host) !== 0) return host;
  try {
    const found = await lookup(host, { all: true });
    return (found.find(({ family }) => family === 4) ?? found[0])?.address;
  } catch {
    return undefined;
  }
}

function absent({ host }: TcpAddress, code: string): HostError {
  const own = Object.values(os.networkInterfaces()).flatMap(
    (face) => face?.map((entry) => entry.address) ?? [],
  );
  const message =
    code === 'ENOTFOUND'
      ? `no address of this machine is known by the name ${host}`
      : `this machine does not have the address ${host}`;
  return new HostError('HOST_ADDRESS_ABSENT', message, {
    hint: `it has ${[...new Set(own)].join(', ')}; 0.0.0.0 stands for all of them`,
  });
}

function forbidden({ host, port }: TcpAddress): HostError {
  return new HostError(
    'HOST_PORT_FORBIDDEN',
    `${os.userInfo().username} may not open port ${port} of ${host}`,
    {
      hint: 'choose a port from 1024 on with --listen; lower ones are for root (net.ipv4.ip_unprivileged_port_start)',
    },
  );
}

async function taken({ host, port }: TcpAddress, run: Run): Promise<HostError> {
  const { stdout } = await run('ss', ['-Hltnp', `sport = :${port}`]);
  const [, name, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(stdout) ?? [];
  const holder = name === undefined ? 'another program' : `${oneLine(name)} (process ${pid})`;
  return new HostError('HOST_PORT_TAKEN', `${holder} has port ${port} of ${host} already`, {
    hint: 'stop it, or choose another port with --listen',
  });
}
