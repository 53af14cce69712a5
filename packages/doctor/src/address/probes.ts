import { askAnyone, askAsClient } from '@docker-mtls/proof/ask-once';
import type { PairPem, ProbeOutcome, TlsVersion } from '@docker-mtls/proof';
import type { AskedAnyone, Stance } from '@docker-mtls/proof/ask-once';
import type { AddressOrder } from './order.ts';

const VERSIONS: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];

/** Who asked: nobody shows no certificate, a stranger one of an unknown CA, a server one that is not for clients. */
export type AskerKind = 'nobody' | 'stranger' | 'server';

export type AskedBy = AskedAnyone & {
  readonly by: AskerKind;
  readonly version: TlsVersion;
  /** Was the answer got by resuming the session of a handshake that alone brought none? */
  readonly byResumption: boolean;
};

/** All that was asked of one address. */
export type Probes = {
  readonly plain: AskedAnyone;
  readonly askers: readonly AskedBy[];
  /** The application protocol that the server chose of HTTP/2 and HTTP/1.1. */
  readonly protocol: string | undefined;
  /** What became of the client that the engine is to accept. */
  readonly client: ProbeOutcome | undefined;
};

/** Asks all at once: a server that stalls costs the patience once, not once for each connection. */
export async function askAll(order: AddressOrder): Promise<Probes> {
  const { target, stranger, server, client, patienceMs } = order;
  const name = probeNameOf(order);
  const end = performance.now() + patienceMs;
  const pairs: readonly (readonly [AskerKind, PairPem | undefined])[] = [
    ['nobody', undefined],
    ['stranger', stranger],
    ...(server === undefined ? [] : [['server', server] as const]),
  ];
  const [plain, protocol, accepted, ...askers] = await Promise.all([
    askAnyone(target, undefined, patienceMs),
    protocolOf(order),
    client && askAsClient(target, { name, ...client, patienceMs }),
    ...pairs.flatMap(([by, pair]) =>
      VERSIONS.map((version) => askTwice(order, { by, version, end, ...(pair && { pair }) })),
    ),
  ]);
  return { plain, protocol, client: accepted, askers };
}

type Asking = {
  readonly by: AskerKind;
  readonly version: TlsVersion;
  readonly pair?: PairPem;
  /** The moment (`performance.now`) at which the patience ends. */
  readonly end: number;
};

/** A server may look at a certificate in full handshakes alone: where it gave a session, that is resumed. */
async function askTwice(order: AddressOrder, { by, version, pair, end }: Asking): Promise<AskedBy> {
  const stance: Stance = { name: probeNameOf(order), version, ...(pair && { pair }) };
  const first = await askAnyone(order.target, stance, order.patienceMs);
  const left = end - performance.now();
  if (first.session === undefined || hasAnswered(first) || left < 1)
    return { ...first, by, version, byResumption: false };
  const again = await askAnyone(order.target, { ...stance, session: first.session }, left);
  return again.isResumed === true && hasAnswered(again)
    ? { ...again, by, version, byResumption: true }
    : { ...first, by, version, byResumption: false };
}

async function protocolOf(order: AddressOrder): Promise<string | undefined> {
  const { target, client, patienceMs } = order;
  const stance = {
    name: probeNameOf(order),
    protocols: ['h2', 'http/1.1'],
    ...(client && { pair: client.pair }),
  };
  return (await askAnyone(target, stance, patienceMs)).protocol;
}

/** What clients connect by. */
export function probeNameOf({ name, target }: AddressOrder): string {
  return name ?? target.host;
}

/** Did HTTP come back? */
export function hasAnswered({ outcome }: AskedAnyone): boolean {
  return outcome.kind === 'accepted' || outcome.kind === 'answered';
}

/** Did an engine answer, or an authorization plugin in its place? */
export function isFromEngine({ outcome }: AskedAnyone): boolean {
  if (outcome.kind === 'accepted' || outcome.plugin !== undefined) return true;
  return outcome.kind === 'answered' && outcome.headers?.['api-version'] !== undefined;
}
