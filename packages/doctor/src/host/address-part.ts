import { formatTcpHost } from '@docker-mtls/daemon-config';
import { fromHere } from '@docker-mtls/engine';
import { listeningSockets } from '@docker-mtls/engine/findings';
import { servingEngines } from '@docker-mtls/engine/serving-engines';
import type { ListeningSocket } from '@docker-mtls/engine/findings';
import type { PairPem } from '@docker-mtls/proof';
import type { AddressFacts } from '../address/engine-facts.ts';
import { examineAddress } from '../address/examine-address.ts';
import { metricsAddress, namedPlugins, setting } from './config-findings.ts';
import { someAtOnce } from '../some-at-once.ts';
import type { EngineSeen } from './engine-seen.ts';
import type { ExaminedHost, HostOrder } from './host-order.ts';
import { strayPorts, swarmFindings, unseenPortFindings } from './listen-findings.ts';
import type { SocketUnit } from './socket-units.ts';
import type { Told } from './told.ts';

export type AddressPart = {
  readonly told: Told;
  readonly facts: AddressFacts;
  readonly server: PairPem | undefined;
};

/** Each has up to nine connections. */
const AT_ONCE = 16;

/** Asks every address that files, units or the process of an engine name. */
export async function addressPart(
  order: HostOrder,
  { process, sockets }: EngineSeen,
  { told, facts, server }: AddressPart,
): Promise<ExaminedHost> {
  const { patienceMs } = order;
  const serving = await servingEngines(order.engine, process === undefined ? [] : [process]);
  const named = [
    ...serving.engines.flatMap(({ addresses }) => addresses),
    ...sockets.flatMap(localAddresses),
  ];
  const held = process === undefined ? [] : listeningSockets(process.pid);
  const metrics = metricsAddress(String(setting(told, 'metrics-addr') ?? ''));
  const listens = {
    sockets: held ?? [],
    expected: new Set([...named.map(({ port }) => port), ...(metrics === undefined ? [] : [metrics.port])]),
    isSwarm: facts.isSwarm === true,
    patienceMs,
  };
  const strays = await strayPorts(listens);
  const targets = distinct([
    ...named,
    ...strays.open.map(({ host, port }) => ({ host: fromHere(host), port })),
  ]);
  const examined = await someAtOnce(targets, AT_ONCE, (target) =>
    examineAddress({
      target,
      subject: formatTcpHost(target),
      client: order.client,
      stranger: order.stranger,
      server,
      hasPlugin: namedPlugins(told).length > 0,
      patienceMs,
      now: order.now,
    }),
  );
  const isSeen = process !== undefined && held !== undefined && !process.isInOwnNetwork;
  return {
    found: [
      ...examined.flatMap((each) => each.found),
      ...swarmFindings(told.config, listens),
      ...(isSeen ? unseenPortFindings(told.config, named, held) : []),
    ],
    unseen: [
      ...strays.unseen,
      ...(process !== undefined && held === undefined ? [`the ports of process ${process.pid}`] : []),
      ...examined.flatMap(({ unreachable }, at) =>
        unreachable === undefined ? [] : [`${targets[at]?.host}:${targets[at]?.port}: ${unreachable}`],
      ),
    ],
  };
}

function localAddresses({ addresses }: SocketUnit): readonly ListeningSocket[] {
  return addresses.map(({ host, port }) => ({ host: fromHere(host), port }));
}

function distinct(targets: readonly ListeningSocket[]): readonly ListeningSocket[] {
  return [...new Map(targets.map((target) => [`${target.host} ${target.port}`, target])).values()];
}
