import type { PairPem, ProofTarget } from '@docker-mtls/proof';

/** How an engine knows a client that it is to accept, and the client the engine: PEM texts. */
export type ClientCredentials = { readonly roots: readonly string[]; readonly pair: PairPem };

/** An address that is to be looked at. */
export type AddressOrder = {
  readonly target: ProofTarget;
  /** What clients connect by, where that is a name which leads to this address; else the address itself. */
  readonly name?: string | undefined;
  /** What findings call it. */
  readonly subject: string;
  /** A client of this engine, where there is one. */
  readonly client?: ClientCredentials | undefined;
  /** A client of a CA that the engine cannot know. */
  readonly stranger: PairPem;
  /** A server certificate of the engine's own CA, where it can be read. */
  readonly server?: PairPem | undefined;
  /** Does the engine ask an authorization plugin, as far as its files say? */
  readonly hasPlugin?: boolean | undefined;
  /** Milliseconds that all of it may take. */
  readonly patienceMs: number;
  readonly now: () => Date;
};
