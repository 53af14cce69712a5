/** An address of the engine: `host` is an IP address, or a name that leads to one place only. */
export type ProofTarget = { readonly host: string; readonly port: number };

/** A client's certificate and key, PEM. */
export type PairPem = { readonly certificate: string; readonly key: string };

/** A client whom the engine must reject, and what makes it one. */
export type StrangerKind = 'plain-http' | 'no-certificate' | 'foreign-ca' | 'expired' | 'server-certificate';

export type Stranger = {
  readonly kind: StrangerKind;
  /** For reports, such as `a client without a certificate`. */
  readonly who: string;
  /** Called once the engine has accepted the client: until then nothing need be read or made. */
  readonly pair?: () => PairPem | Promise<PairPem>;
};

export type Client = { readonly who: string; readonly pair: () => PairPem | Promise<PairPem> };

/** What is to be proven of an engine. */
export type ProofOrder = {
  readonly targets: readonly ProofTarget[];
  /** PEM of each root of the CA: the engine's certificate must chain to one, and its clients' CAs must be among them. */
  readonly roots: readonly string[];
  /** SHA-256 (hex) of the certificate that the engine must present; without it, whichever it presents first. */
  readonly fingerprint?: string;
  /** What clients connect by, the most usual first: DNS names and IP addresses that the certificate must hold. */
  readonly names: readonly [string, ...string[]];
  readonly client: Client;
  readonly strangers: readonly Stranger[];
  /** Milliseconds that all connections to one address may take together; without it, each has what is usual. */
  readonly patienceMs?: number;
};

export const TLS_VERSIONS = ['TLSv1.3', 'TLSv1.2'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** What a client may offer. 'TLSv1.1' is that or 1.0, which no engine speaks. */
export type OfferedTls = TlsVersion | 'TLSv1.1';
