import fs from 'node:fs';
import path from 'node:path';

/** A network interface, and the one at its other end: see `iflink` and `ifindex` in the kernel's sysfs-class-net. */
export type Interface = { readonly name: string; readonly index: number; readonly link: number };

const INTERFACES = '/sys/class/net';

/**
 * Is this the host's own network (`--network host`)? What a container has on a network of its own are ends of cables
 * whose other ends are elsewhere; only where an engine runs are there bridges and cards.
 */
export function isHostNetwork(interfaces: readonly Interface[]): boolean {
  return interfaces.some(({ name, index, link }) => name !== 'lo' && index === link);
}

/** The interfaces that are seen here; none where the kernel does not show them. */
export function readInterfaces(): readonly Interface[] {
  if (!fs.existsSync(INTERFACES)) return [];
  return fs.readdirSync(INTERFACES).flatMap((name) => {
    const [index, link] = [numberIn(name, 'ifindex'), numberIn(name, 'iflink')];
    return index === undefined || link === undefined ? [] : [{ name, index, link }];
  });
}

function numberIn(name: string, file: string): number | undefined {
  try {
    return Number(fs.readFileSync(path.join(INTERFACES, name, file), 'utf8'));
  } catch {
    // A plain file among them (bonding_masters), or an interface that has just gone.
    return undefined;
  }
}
