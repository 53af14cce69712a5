import { DaemonConfigError } from './error.ts';
import { formatTcpHost, overlap, parseListen, sameAddress } from './host.ts';
import type { TcpAddress } from './host.ts';

/** Reads every `--listen`; one that is there twice counts once. Throws `DAEMON_CONFIG_LISTEN_INVALID`. */
export function parseListens(listen: readonly string[]): readonly TcpAddress[] {
  const addresses = listen.map(parseListen);
  if (addresses.length === 0)
    throw badListen('no address to listen on', 'name one, for example 0.0.0.0:2376');
  return addresses.filter((address, index) => {
    const earlier = addresses.slice(0, index);
    if (earlier.some((other) => sameAddress(other, address))) return false;
    const rival = earlier.find((other) => overlap(other, address));
    if (rival === undefined) return true;
    const pair = `${formatTcpHost(rival)} and ${formatTcpHost(address)}`;
    throw badListen(`${pair} take the same port`, 'one of the two covers the other: name only one');
  });
}

export function badListen(message: string, hint: string): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_LISTEN_INVALID', message, { hint });
}
