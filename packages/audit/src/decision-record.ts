/** Who sent a request: what the certificate says, or a client of the unix socket. */
export type Who =
  | { readonly local: true }
  /** A certificate that cannot be read, or a request that names nobody. */
  | { readonly unknown: true }
  | {
      readonly cn: string;
      readonly ou: readonly string[];
      readonly serial: string;
      readonly fingerprint: string;
      readonly issuer: string;
    };

export type What = {
  /** Undefined for what is no operation of the engine. */
  readonly operation: string | undefined;
  readonly method: string;
  readonly uri: string;
  /** The container, image, … that it names. */
  readonly object?: string;
  /** Guards that the request would breach: what it could do to the host. */
  readonly risks: readonly string[];
  /** At level request alone, redacted. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** One decision, before the answer is sent. */
export type DecisionRecord = {
  readonly type: 'decision';
  readonly id: string;
  readonly time: string;
  readonly who: Who;
  readonly what: What;
  readonly verdict: 'allow' | 'deny';
  /** In mode observe: the policy denies what was allowed. */
  readonly observed?: boolean;
  readonly role: string | undefined;
  readonly rule: string;
  readonly guard: string | undefined;
  readonly reason: string;
};

/** How a request that was allowed ended. */
export type OutcomeRecord = {
  readonly type: 'outcome';
  /** Of the decision. */
  readonly id: string;
  readonly time: string;
  readonly status: number | undefined;
  /** Of a session that was attached, in milliseconds. */
  readonly duration?: number;
  /** The decision was to allow, but the client was refused: why. */
  readonly refused?: string;
};

/** What decisions are made by from here on: the policy, a revocation list, the locks, the roots. */
export type ChangeRecord = {
  readonly type: 'change';
  readonly time: string;
  readonly what: 'policy' | 'locks' | 'roots' | 'revocation list';
  /** The SHA-256 of the file. */
  readonly sha256: string;
};

/** A record's place in one line: `undefined` is left out by JSON. */
export type AuditRecord = DecisionRecord | OutcomeRecord | ChangeRecord;
