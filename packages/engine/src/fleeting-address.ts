import fs from 'node:fs';
import os from 'node:os';
import { parseListenHost } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';

const ENGINES_OWN = /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/;
const TUNNEL = /^(?:tun|tap|wg|ppp|tailscale|zt|vpn|ipsec|nebula)\d*/;

/**
 * Warnings of addresses that may be missing when the machine boots: then the engine does not start. Those are the
 * addresses of the engine's own bridges, of tunnels, and those that a DHCP server lends.
 */
export async function fleetingWarnings(hosts: readonly string[], run: Run): Promise<readonly string[]> {
  const wanted = hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address.host] : [];
  });
  const faces = interfacesWith(wanted);
  if (faces.length === 0) return [];
  const lent = await lentAddresses(run);
  return faces.flatMap(({ name, address }) => {
    const why = whyFleeting(name) ?? (lent.has(address) ? `is lent to ${name} by DHCP` : undefined);
    return why === undefined
      ? []
      : [`${address} ${why}: if it is missing at boot, the engine does not start`];
  });
}

type Face = { readonly name: string; readonly address: string };

function interfacesWith(addresses: readonly string[]): readonly Face[] {
  return Object.entries(os.networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.flatMap(({ address, internal }) =>
      !internal && addresses.includes(address) ? [{ name, address }] : [],
    ),
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

/** iproute2 calls an address "dynamic" that has a limited life. */
async function lentAddresses(run: Run): Promise<ReadonlySet<string>> {
  const { code, stdout } = await run('ip', ['-j', 'address', 'show']);
  if (code !== 0) return new Set();
  return new Set(dynamicAddresses(stdout));
}

export function dynamicAddresses(json: string): readonly string[] {
  try {
    const faces = JSON.parse(json) as readonly { readonly addr_info?: readonly Entry[] }[];
    return faces.flatMap(({ addr_info: entries = [] }) =>
      entries.flatMap(({ local, dynamic }) => (dynamic === true && local !== undefined ? [local] : [])),
    );
  } catch {
    return [];
  }
}

type Entry = { readonly local?: string; readonly dynamic?: boolean };
