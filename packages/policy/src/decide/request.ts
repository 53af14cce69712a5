/** Who sent a request: what its certificate says, or nobody in particular on the unix socket. */
export type Subject =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'certificate';
      readonly commonName: string;
      readonly organizationalUnits: readonly string[];
      readonly uris: readonly string[];
      /** SHA-256 of the DER, and the issuer's key identifier: lower-case hexadecimal without colons. */
      readonly fingerprint: string;
      readonly issuer: string;
    };

/** A request as the engine shows it to an authorization plugin. */
export type PolicyRequest = {
  readonly subject: Subject;
  readonly method: string;
  /** As it was sent: not decoded. */
  readonly uri: string;
  /** By their canonical names (`Content-Type`). The engine keeps the last of equal ones. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly engine: EngineFacts;
  /** The answers to `needs` of an earlier decision on the same request. */
  readonly found: readonly Found[];
};

export type EngineFacts = {
  /** Known not to run programs of the container as root when it unpacks an archive (CVE-2026-41567). */
  readonly unpacksSafely: boolean;
};

export type LookupKind =
  'container' | 'exec' | 'volume' | 'network' | 'service' | 'task' | 'secret' | 'config';

/** An object that the engine has to be asked about: by what the request calls it. */
export type Lookup = { readonly kind: LookupKind; readonly reference: string };

/** What the engine answered. An object that does not exist has no `object`. */
export type Found = Lookup & { readonly object?: FoundObject };

export type FoundObject = {
  /** Without a leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of volumes and networks. */
  readonly driver?: string;
  /** Of volumes. */
  readonly options?: Readonly<Record<string, string>>;
  /** Of exec sessions. */
  readonly container?: string;
  readonly privileged?: boolean;
  readonly user?: string;
};
