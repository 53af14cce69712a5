import type { ProbeOutcome } from '@docker-mtls/proof';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { accessFindings, wayOf } from './access-findings.ts';
import { authorityFindings } from './authority-findings.ts';
import { presentedFindings } from './certificate-findings.ts';
import { clientFindings } from './client-findings.ts';
import { clockFindings } from './clock-findings.ts';
import { askFacts } from './engine-facts.ts';
import type { AddressFacts } from './engine-facts.ts';
import type { AddressOrder } from './order.ts';
import { askAll, hasAnswered, isFromEngine, probeNameOf } from './probes.ts';
import type { Probes } from './probes.ts';

/** What was found at an address. */
export type ExaminedAddress = {
  readonly found: readonly FoundFinding[];
  /** Why nothing could be found out. */
  readonly unreachable?: string;
  readonly facts?: AddressFacts;
};

/** Looks at one address of an engine. Only GET is sent, and nothing is changed there. */
export async function examineAddress(order: AddressOrder): Promise<ExaminedAddress> {
  const start = performance.now();
  const probes = await askAll(order);
  const { plain, askers } = probes;
  if (plain.outcome.kind === 'unreachable' && askers.every(({ outcome }) => outcome.kind === 'unreachable'))
    return { found: [], unreachable: plain.outcome.detail };
  const left = order.patienceMs - (performance.now() - start);
  const facts = await factsOf(order, probes, left);
  return {
    found: [...findingsAt(order, probes), ...protocolFindings(order, probes, facts)],
    ...(facts && { facts }),
  };
}

function findingsAt(order: AddressOrder, probes: Probes): readonly FoundFinding[] {
  const { subject } = order;
  const shown = probes.askers.flatMap(({ outcome }) => outcome.presented ?? []);
  const [certificate] = shown;
  const request = shown.find((each) => each.request !== undefined)?.request;
  const now = order.now();
  const seen = [
    ...accessFindings(subject, probes),
    ...(certificate === undefined
      ? []
      : presentedFindings({ subject, der: certificate.der, names: [probeNameOf(order)], now })),
    ...authorityFindings(subject, request),
    ...clientFindings(order, isFromEngine(probes.plain) ? undefined : probes.client),
    ...clockFindings(subject, outcomesOf(probes), now),
  ];
  const says = certificate !== undefined || hasAnswered(probes.plain);
  // Of a client, it was said already.
  return says || probes.client !== undefined ? seen : [...seen, ...silentFindings(subject, probes)];
}

/** Of an engine that is secured, the answer to its client alone has a date. */
function outcomesOf({ plain, askers, client }: Probes): readonly ProbeOutcome[] {
  return [plain.outcome, ...askers.map(({ outcome }) => outcome), ...(client === undefined ? [] : [client])];
}

/** No certificate and no HTTP came from there. */
function silentFindings(subject: string, { plain, askers }: Probes): readonly FoundFinding[] {
  const { outcome = plain.outcome } = askers[0] ?? {};
  const alerts = askers.filter((each) => each.outcome.alert !== undefined).map(wayOf);
  if (alerts.length > 0) {
    const message = `it ends TLS handshakes before it presents a certificate: ${[...new Set(alerts)].join('; ')}`;
    return [found('listeners', 'hostile-answer', { subject, message })];
  }
  const isSilent = outcome.kind === 'silent' || outcome.kind === 'closed';
  return [
    found('listeners', isSilent ? 'engine-silent' : 'not-tls', {
      subject,
      message: `it takes connections, and neither TLS nor an answer came: ${outcome.detail}`,
    }),
  ];
}

async function factsOf(order: AddressOrder, probes: Probes, left: number): Promise<AddressFacts | undefined> {
  const isPlain = isFromEngine(probes.plain);
  if (left < 1 || (!isPlain && probes.client?.kind !== 'accepted')) return undefined;
  const { host, port } = order.target;
  const door = { host, port, name: probeNameOf(order), ...(!isPlain && { client: order.client }) };
  return askFacts({ door, patienceMs: left });
}

/** moby 29.2 and later: TLS on a socket of systemd keeps HTTP/2, and native gRPC with it. */
function protocolFindings(
  { subject, hasPlugin }: AddressOrder,
  { protocol }: Probes,
  facts: AddressFacts | undefined,
): readonly FoundFinding[] {
  if (protocol !== 'h2') return [];
  const asksPlugin = hasPlugin === true || (facts?.plugins.length ?? 0) > 0;
  const message = asksPlugin
    ? 'it speaks HTTP/2: builds over gRPC reach it, and its authorization plugin is not asked'
    : 'it speaks HTTP/2: if it has an authorization plugin, builds over gRPC are not shown to it';
  return [
    found('authorization', 'authorization-bypassed-grpc', {
      subject,
      message,
      ...(!asksPlugin && { severity: 'note' }),
    }),
  ];
}
