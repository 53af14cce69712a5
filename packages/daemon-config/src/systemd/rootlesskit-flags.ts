import { isIP } from 'node:net';
import { badListen } from '../listens.ts';
import { formatTcpHost, overlap, sameAddress } from '../host.ts';
import type { TcpAddress } from '../host.ts';

/** What `dockerd-rootless.sh` hands on to rootlesskit, split by the shell at white space. */
export const ROOTLESSKIT_FLAGS = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS';

/** A TCP port of this machine that rootlesskit brings to a port of the engine's own network. */
export type Publication = { readonly address: TcpAddress; readonly inner: number };

type Flag = { readonly text: string; readonly publication: Publication | undefined };

/**
 * What the engine itself listens on when rootlesskit publishes these addresses: any address of its own network, on the
 * same ports. Throws `DAEMON_CONFIG_LISTEN_INVALID` for a host name, which rootlesskit does not take.
 */
export function innerListens(listens: readonly TcpAddress[]): readonly string[] {
  const named = listens.find(({ host }) => isIP(host) === 0);
  if (named !== undefined)
    throw badListen(
      `${formatTcpHost(named)} is a name, and rootlesskit opens addresses only`,
      'write the address, for example 0.0.0.0:2376 or 127.0.0.1:2376',
    );
  return [...new Set(listens.map(({ port }) => port))].map((port) => `0.0.0.0:${port}`);
}

type Wanted = {
  /** What an earlier drop-in of docker-mtls set. */
  readonly earlier: string;
  readonly listens: readonly TcpAddress[];
  /** The ports that the engine listens on. */
  readonly ports: ReadonlySet<number>;
};

/**
 * The flags with which rootlesskit publishes what is wanted: all that is there stays, but for what takes the same port;
 * of what we published earlier, that behind which the engine still listens.
 */
export function mergePublications(flags: string, { earlier, listens, ports }: Wanted): string {
  const given = readFlags(flags).filter(
    ({ publication }) =>
      publication === undefined ||
      isFree(publication.address, listens) ||
      listens.some((listen) => isPlain(publication, listen)),
  );
  const taken = given.flatMap(({ publication }) => (publication === undefined ? [] : [publication.address]));
  const kept = publications(earlier).filter(
    ({ address, inner }) => ports.has(inner) && isFree(address, [...listens, ...taken]),
  );
  const added = listens
    .filter((listen) => !taken.some((address) => sameAddress(address, listen)))
    .map((address) => ({ address, inner: address.port }));
  return [...given.map(({ text }) => text), ...[...kept, ...added].map(publishFlag)].join(' ');
}

/** `-p 0.0.0.0:2376:2376/tcp` */
export function publishFlag({ address, inner }: Publication): string {
  return `-p ${formatTcpHost(address).replace('tcp://', '')}:${inner}/tcp`;
}

function isFree(address: TcpAddress, taken: readonly TcpAddress[]): boolean {
  return !taken.some((other) => overlap(other, address));
}

function isPlain({ address, inner }: Publication, listen: TcpAddress): boolean {
  return sameAddress(address, listen) && inner === listen.port;
}

/** The TCP ports that these flags publish. */
export function publications(flags: string): readonly Publication[] {
  return readFlags(flags).flatMap(({ publication }) => (publication === undefined ? [] : [publication]));
}

/** As rootlesskit's command line has it: `-p SPEC`, `--publish SPEC`, `--publish=SPEC`. */
function readFlags(flags: string): readonly Flag[] {
  const words = flags.split(/\s+/).filter((word) => word !== '');
  const read: Flag[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, joined] = /^--?p(?:ublish)?=(.*)$/s.exec(word) ?? [];
    const next = /^--?p(?:ublish)?$/.test(word) ? words[index + 1] : undefined;
    if (next !== undefined) index += 1;
    read.push({
      text: next === undefined ? word : `${word} ${next}`,
      publication: parseSpec(joined ?? next ?? ''),
    });
  }
  return read;
}

/** `[ADDRESS:]PORT:INNER/tcp`, an IPv6 address in brackets; `undefined`: none, or one of another protocol. */
function parseSpec(spec: string): Publication | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]:|([0-9.]+):)?(\d{1,5}):(\d{1,5})\/tcp[46]?$/i.exec(spec);
  if (found === null) return undefined;
  const [, ipv6, ipv4, port, inner] = found;
  return { address: { host: ipv6 ?? ipv4 ?? '0.0.0.0', port: Number(port) }, inner: Number(inner) };
}
