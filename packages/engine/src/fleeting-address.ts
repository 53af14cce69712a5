import fs from 'node:fs';
import os from 'node:os';
import { parseListenHost } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';

const ENGINES_OWN = /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/;
/** All addresses, and those of the machine itself. */
const ALWAYS_THERE = /^(?:|0\.0\.0\.0|127\..*|::1?)$/;
const TUNNEL = /^(?:tun|tap|wg|ppp|tailscale|zt|vpn|ipsec|nebula)\d*/;

/**
 * Warnings of addresses that may be missing when the machine boots: then the engine does not start. Those are the
 * addresses of the engine's own bridges, of tunnels, and those that a DHCP server lends.
 */
export async function fleetingWarnings(hosts: readonly string[], run: Run): Promise<readonly string[]> {
  const wanted = hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' && !ALWAYS_THERE.test(parsed.address.host) ? [parsed.address.host] : [];
  });
  if (wanted.length === 0) return [];
  return (await facesHere(run)).flatMap(({ name, address, isLent }) => {
    if (!wanted.includes(address)) return [];
    const why = whyFleeting(name) ?? (isLent ? `is lent to ${name} by DHCP` : undefined);
    return why === undefined
      ? []
      : [`${address} ${why}: if it is missing at boot, the engine does not start`];
  });
}

/** An address of an interface; `isLent`: for a limited time. */
type Face = { readonly name: string; readonly address: string; readonly isLent: boolean };

/** Node leaves out interfaces without a carrier, such as docker0 while no container runs; iproute2 does not. */
async function facesHere(run: Run): Promise<readonly Face[]> {
  const { code, stdout } = await run('ip', ['-j', 'address', 'show']);
  return (code === 0 ? facesIn(stdout) : undefined) ?? facesOfNode();
}

function facesOfNode(): readonly Face[] {
  return Object.entries(os.networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.map(({ address }) => ({ name, address, isLent: false })),
  );
}

export function whyFleeting(name: string, sys = '/sys/class/net'): string | undefined {
  if (ENGINES_OWN.test(name)) return `belongs to ${name}, which the engine itself makes`;
  const isTunnel =
    TUNNEL.test(name) ||
    fs.existsSync(`${sys}/${name}/tun_flags`) ||
    deviceType(`${sys}/${name}/uevent`) === 'wireguard';
  return isTunnel ? `belongs to the tunnel ${name}` : undefined;
}

function deviceType(uevent: string): string | undefined {
  try {
    return /^DEVTYPE=(.*)$/m.exec(fs.readFileSync(uevent, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Reads the JSON of iproute2, which calls an address "dynamic" that has a limited life; `undefined`: it is none. */
export function facesIn(json: string): readonly Face[] | undefined {
  try {
    return (JSON.parse(json) as readonly Interface[]).flatMap(({ ifname: name, addr_info: entries = [] }) =>
      entries.flatMap(({ local: address, dynamic }) =>
        name === undefined || address === undefined ? [] : [{ name, address, isLent: dynamic === true }],
      ),
    );
  } catch {
    return undefined;
  }
}

type Interface = {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly dynamic?: boolean }[];
};
