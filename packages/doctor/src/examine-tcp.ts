import net from 'node:net';
import { examineAddress } from './address/examine-address.ts';
import type { ClientCredentials } from './address/order.ts';
import type { Diagnosis, DoctorOrder } from './doctor-order.ts';
import { engineBuild } from '@docker-mtls/engine/version';
import { versionFindings } from './version/version-findings.ts';
import type { ExaminedAddress } from './address/examine-address.ts';
import type { FoundFinding } from './found.ts';
import { lookUp } from '@docker-mtls/proof';
import { counted } from '@docker-mtls/text';
import type { PairPem } from '@docker-mtls/proof';

export type TcpOrder = Pick<DoctorOrder, 'patienceMs' | 'now'> & {
  readonly text: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly client?: ClientCredentials | undefined;
  readonly stranger: PairPem;
};

const MOST_ADDRESSES = 8;
const ONLY_THE_FIRST = `only the first ${MOST_ADDRESSES} are asked`;

/** Looks at every address that a name leads to, on every port. */
export async function examineTcp(order: TcpOrder): Promise<Diagnosis> {
  const { text: target, host, ports, patienceMs } = order;
  const looked = await lookUp(host, patienceMs);
  if ('failure' in looked) return { target, found: [], unseen: [], failed: `${host}: ${looked.failure}` };
  const hosts = looked.addresses.slice(0, MOST_ADDRESSES);
  const others = looked.addresses.length - hosts.length;
  const places = hosts.flatMap((address) => ports.map((port) => ({ host: address, port })));
  const seen = await Promise.all(places.map((place) => examinePlace(order, place, hosts.length > 1)));
  const reached = seen.filter(({ unreachable }) => unreachable === undefined);
  const reasons = seen.flatMap(reasonOf);
  const left =
    others > 0 ? [`${counted(others, 'more address', 'more addresses')} of ${host}: ${ONLY_THE_FIRST}`] : [];
  if (reached.length === 0)
    return { target, found: [], unseen: [], failed: failureOf(seen, [...reasons, ...left]) };
  const unseen = [...unseenAt(seen, ports.length > 1), ...left];
  return { target, found: [...reached.flatMap((each) => each.found), ...versions(target, reached)], unseen };
}

function reasonOf({ unreachable, subject }: SeenPlace): readonly string[] {
  return unreachable === undefined ? [] : [`${subject}: ${unreachable}`];
}

/** Of ports that nobody named, one is enough at each address. */
function unseenAt(seen: readonly SeenPlace[], isOneEnough: boolean): readonly string[] {
  const reached = new Set(seen.flatMap(({ unreachable, host }) => (unreachable === undefined ? [host] : [])));
  return seen.filter(({ host }) => !isOneEnough || !reached.has(host)).flatMap(reasonOf);
}

/** The target names its only address already. */
function failureOf(seen: readonly SeenPlace[], reasons: readonly string[]): string {
  const [first, ...others] = seen;
  return (others.length === 0 ? first?.unreachable : undefined) ?? reasons.join('; ');
}

type SeenPlace = ExaminedAddress & { readonly subject: string; readonly host: string };

async function examinePlace(
  { host: name, client, stranger, patienceMs, now }: TcpOrder,
  target: { readonly host: string; readonly port: number },
  isOneOfSeveral: boolean,
): Promise<SeenPlace> {
  const shown = net.isIPv6(name) ? `[${name}]` : name;
  const subject = `tcp://${shown}:${target.port}${isOneOfSeveral ? ` (${target.host})` : ''}`;
  const examined = await examineAddress({ target, name, subject, client, stranger, patienceMs, now });
  return { ...examined, subject, host: target.host };
}

/** One engine has one version, on however many addresses. */
function versions(subject: string, seen: readonly SeenPlace[]): readonly FoundFinding[] {
  const facts = seen.find((each) => each.facts?.version !== undefined)?.facts;
  const build = facts?.version === undefined ? undefined : engineBuild({ ...facts, version: facts.version });
  if (facts === undefined || build === undefined) return [];
  return versionFindings({ subject, build, hasPlugin: facts.plugins.length > 0 });
}
