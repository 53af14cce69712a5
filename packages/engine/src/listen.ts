import { lookup } from 'node:dns/promises';
import net from 'node:net';
import os from 'node:os';
import { overlap, parseListenHost } from '@docker-mtls/daemon-config';
import type { TcpAddress } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';
import { HostError } from './host-error.ts';
import { oneLine } from './one-line.ts';

/** The `tcp://` addresses of this machine that are open for the engine, and those that are to be. */
export type Listens = {
  /** What its files say, while it runs; what it holds itself is no obstacle. */
  readonly held: readonly string[];
  readonly wanted: readonly string[];
  /** Its process: what that holds, it holds itself, even if its files say otherwise by now. */
  readonly pid: number;
};

/**
 * Tries the addresses that the engine is to listen on, before it is restarted: it would not start when this machine
 * lacks one, or somebody else has its port. Throws `HOST_ADDRESS_ABSENT`, `HOST_PORT_TAKEN` and `HOST_PORT_FORBIDDEN`.
 */
export async function refuseUnusable({ held, wanted, pid }: Listens, run: Run): Promise<void> {
  const own = addresses(held);
  for (const address of addresses(wanted)) {
    const code = await tryToListen(address);
    if (code === 'EADDRINUSE') {
      const isOwn = own.some((other) => overlap(other, address));
      const holder = isOwn ? undefined : await holderOf(address, run);
      if (!isOwn && holder?.pid !== pid) throw taken(address, holder);
    } else if (code === 'EACCES') throw forbidden(address);
    else if (code !== undefined) throw absent(address, code);
  }
}

function addresses(hosts: readonly string[]): readonly TcpAddress[] {
  return hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address] : [];
  });
}

/** The error's code; `undefined` when all is well. */
async function tryToListen({ host, port }: TcpAddress): Promise<string | undefined> {
  const where = await placeOf(host);
  if (where === undefined) return 'ENOTFOUND';
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ ...where, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** What Node must be told for it to open what Go opens; `undefined` for a name that has no address. */
async function placeOf(host: string): Promise<{ readonly host?: string } | undefined> {
  // Told nothing, Node too opens all of IPv6 and IPv4, or of IPv4 where there is nothing else.
  if (host === '0.0.0.0') return {};
  if (net.isIP(host) !== 0) return { host };
  try {
    const found = await lookup(host, { all: true });
    // Of the addresses of a name, Go listens on the first one of IPv4, or else on the first one.
    const first = found.find(({ family }) => family === 4) ?? found[0];
    return first && { host: first.address };
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

type Holder = { readonly name: string; readonly pid: number };

async function holderOf({ port }: TcpAddress, run: Run): Promise<Holder | undefined> {
  const { stdout } = await run('ss', ['-Hltnp', `sport = :${port}`]);
  const [, name, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(stdout) ?? [];
  return name === undefined ? undefined : { name: oneLine(name), pid: Number(pid) };
}

function taken({ host, port }: TcpAddress, holder: Holder | undefined): HostError {
  const who = holder === undefined ? 'another program' : `${holder.name} (process ${holder.pid})`;
  return new HostError('HOST_PORT_TAKEN', `${who} has port ${port} of ${host} already`, {
    hint: 'stop it, or choose another port with --listen',
  });
}
