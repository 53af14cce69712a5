import { quote } from '@docker-mtls/errors';
import { formatTcpHost, overlap, parseListenHost, sameAddress } from './host.ts';
import type { TcpAddress } from './host.ts';

/** The port on which, by convention, an engine serves anyone without TLS. */
const PLAIN_PORT = 2375;

export type HostsMerge = {
  readonly removed: ReadonlySet<number>;
  readonly added: readonly string[];
  readonly result: readonly string[];
  readonly why: readonly string[];
  readonly warnings: readonly string[];
};

type Wanted = {
  readonly listen: readonly TcpAddress[];
  readonly localSocket: string;
  /** Hosts of the command line, which move into the file. */
  readonly flagHosts: readonly string[];
  /** Did the engine speak TLS before? Then what listens on 2375 is no plain port, and stays. */
  readonly hadTls: boolean;
};

type Verdict = { readonly keep: boolean; readonly why?: string; readonly warning?: string };

/** What becomes of the hosts that are there, which are to be added, and why. */
export function mergeHosts(existing: readonly string[], wanted: Wanted): HostsMerge {
  const hosts = [...existing, ...wanted.flagHosts.filter((host) => !existing.includes(host))];
  const verdicts = hosts.map((host, index) => judge(host, { wanted, earlier: hosts.slice(0, index) }));
  const isKept = (index: number): boolean => verdicts[index]?.keep === true;
  const kept = hosts.filter((_, index) => isKept(index));
  const moved = hosts.filter((_, index) => index >= existing.length && isKept(index));
  const local = missingLocalSocket(kept, wanted.localSocket);
  const remote = missingAddresses(kept, wanted.listen);
  const added = [...local, ...moved, ...remote.map(formatTcpHost)];
  return {
    removed: new Set(existing.flatMap((_, index) => (isKept(index) ? [] : [index]))),
    added,
    result: [...existing.filter((_, index) => isKept(index)), ...added],
    why: [
      ...verdicts.flatMap(({ why }) => (why === undefined ? [] : [why])),
      ...moved.map((host) => `${shown(host)} stood on the command line, where it cannot stay`),
      ...remote.map((address) => `${formatTcpHost(address)} is where clients with a certificate connect`),
      ...local.map(
        (host) => `${host} keeps the engine reachable on this machine: it opens only what hosts lists`,
      ),
    ],
    warnings: verdicts.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  };
}

function judge(host: string, { wanted, earlier }: { wanted: Wanted; earlier: readonly string[] }): Verdict {
  if (earlier.includes(host))
    return { keep: false, why: `${shown(host)} stood twice, and cannot be opened twice` };
  const parsed = parseListenHost(host);
  if (parsed?.kind !== 'tcp') return { keep: true };
  return judgeTcp(host, parsed.address, { wanted, earlier });
}

function judgeTcp(
  host: string,
  address: TcpAddress,
  { wanted, earlier }: { wanted: Wanted; earlier: readonly string[] },
): Verdict {
  if (addressesOf(earlier).some((other) => overlap(other, address))) {
    return { keep: false, why: `${shown(host)} takes the port of another host in the list` };
  }
  if (wanted.listen.some((other) => sameAddress(other, address))) return { keep: true };
  const rival = wanted.listen.find((other) => overlap(other, address));
  if (rival !== undefined) {
    return { keep: false, why: `${shown(host)} would take the same port as ${formatTcpHost(rival)}` };
  }
  if (wanted.hadTls) return { keep: true };
  if (address.port === PLAIN_PORT) {
    return {
      keep: false,
      why: `${shown(host)} served anyone without TLS; TLS counts for every tcp host, so its clients could not go on as they did`,
    };
  }
  return {
    keep: true,
    warning: `${shown(host)} asks for certificates too from now on: TLS counts for every tcp host`,
  };
}

/** An empty host is one too, with TLS on: tcp://localhost:2376. */
function shown(host: string): string {
  return host.trim() === '' ? `the empty host ${quote(host)}` : host;
}

function missingLocalSocket(kept: readonly string[], localSocket: string): readonly string[] {
  return kept.some((host) => parseListenHost(host)?.kind === 'local') ? [] : [localSocket];
}

function missingAddresses(kept: readonly string[], listen: readonly TcpAddress[]): readonly TcpAddress[] {
  const present = addressesOf(kept);
  return listen.filter((address) => !present.some((other) => sameAddress(other, address)));
}

function addressesOf(hosts: readonly string[]): readonly TcpAddress[] {
  return hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address] : [];
  });
}
