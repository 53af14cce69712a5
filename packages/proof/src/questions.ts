import { isAddress } from './is-address.ts';
import { TLS_VERSIONS } from './order.ts';
import type { OfferedTls, PairPem, ProofOrder, Stranger, StrangerKind, TlsVersion } from './order.ts';

/** By which of its names a server is asked. */
export type Way = {
  readonly name: string;
  /** What is sent as SNI, where that is another: `''` is nothing, as of a client that connects by an address. */
  readonly sni?: string;
};

/** One connection that is to be made. */
export type Question = {
  readonly kind: 'client' | StrangerKind;
  readonly who: string;
  readonly way: Way;
  /** Absent without TLS. */
  readonly version?: OfferedTls;
  /** Application protocols (ALPN) that the client offers. */
  readonly protocols?: readonly string[];
  readonly pair?: (() => PairPem | Promise<PairPem>) | undefined;
  /** May a server refuse it, or hang up, before it presents a certificate? It need not know every name and version. */
  readonly mayFail?: true;
};

/** They need no pair, so they are asked before it is known whether the client is accepted. */
export function needsNoPair({ kind }: Stranger): boolean {
  return kind === 'plain-http' || kind === 'no-certificate';
}

export function clientQuestions(
  { client: { who, pair } }: ProofOrder,
  way: Way,
  versions: readonly TlsVersion[],
): readonly Question[] {
  return versions.map((version) => ({ kind: 'client', who, way, version, pair }));
}

export function questionsOf(strangers: readonly Stranger[], way: Way): readonly Question[] {
  return strangers.flatMap((stranger): readonly Question[] =>
    stranger.kind === 'plain-http'
      ? [{ ...stranger, way }]
      : TLS_VERSIONS.map((version) => ({ ...stranger, way, version })),
  );
}

/** By each name the client over one version, and a client without a certificate. */
export function questionsByName(
  order: ProofOrder,
  way: Way,
  versions: readonly TlsVersion[],
): readonly Question[] {
  return [...clientQuestions(order, way, versions.slice(0, 1)), ...questionsOf(nobodyIn(order), way)];
}

function nobodyIn({ strangers }: ProofOrder): readonly Stranger[] {
  return strangers.filter(({ kind }) => kind === 'no-certificate');
}

/** The other names, and none at all: a front may choose by SNI what it asks of a client. */
export function waysOf({ names }: ProofOrder): readonly Way[] {
  const [usual, ...others] = names;
  const isNamed = !isAddress(usual);
  return [...others.map((name) => ({ name })), ...(isNamed ? [{ name: usual, sni: '' }] : [])];
}

/** RFC 6761 section 6.4: nobody has this name. */
const NOBODYS_NAME = 'docker-mtls-proof.invalid';

const OLD_TLS: OfferedTls = 'TLSv1.1';

/**
 * What else of a client's first words a front may choose by, when it decides whom to ask for a certificate: a name that is
 * none of the engine's, an application protocol, an old version of TLS.
 */
export function detours(
  order: ProofOrder,
  { name }: Way,
  versions: readonly TlsVersion[],
): readonly Question[] {
  const nobody = nobodyIn(order);
  const [version = TLS_VERSIONS[0]] = versions;
  return [
    ...questionsOf(nobody, { name, sni: NOBODYS_NAME }).map((each) => ({ ...each, mayFail: true as const })),
    ...nobody.map((each) => ({ ...each, way: { name }, version, protocols: ['h2', 'http/1.1'] })),
    ...nobody.map((each) => ({ ...each, way: { name }, version: OLD_TLS, mayFail: true as const })),
  ];
}

export function sniOf({ name, sni = isAddress(name) ? '' : name }: Way): { readonly sni?: string } {
  return sni === '' ? {} : { sni };
}
