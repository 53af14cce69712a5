import type { GuardName } from '../guards.ts';
import type { Operation } from '../operations/operation.ts';

export type Policy = {
  readonly mode: 'enforce' | 'observe';
  readonly roles: ReadonlyMap<string, Role>;
  readonly bindings: readonly Binding[];
  /** The role of clients without a certificate. Undefined: they are refused. */
  readonly local: string | undefined;
  readonly audit: Audit;
  readonly crl: { readonly stale: 'warn' | 'deny' };
};

/** A role with everything that it inherits. */
export type Role = {
  readonly name: string;
  readonly operations: ReadonlySet<Operation>;
  readonly guards: ReadonlySet<GuardName>;
  /** Each of them has to hold. */
  readonly objects: readonly ObjectRule[];
  /** Folded as the engine folds the names of members. */
  readonly unknownFields: ReadonlySet<string>;
};

export type ObjectRule = {
  readonly names?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly images?: readonly string[];
};

export type Binding = {
  readonly role: string;
  readonly subjects: readonly SubjectPattern[];
  /** Milliseconds since 1970. */
  readonly until: number | undefined;
};

/** `issuer` and `fingerprint` are lower-case hexadecimal without colons. */
export type SubjectPattern =
  | { readonly kind: 'cn' | 'uri'; readonly value: string; readonly issuer?: string }
  | { readonly kind: 'ou'; readonly value: string; readonly issuer: string }
  | { readonly kind: 'fingerprint'; readonly value: string };

export type AuditLevel = 'none' | 'metadata' | 'request';

export type Audit = {
  readonly level: AuditLevel;
  readonly durability: 'batch' | 'sync';
  readonly rules: readonly { readonly operations: ReadonlySet<Operation>; readonly level: AuditLevel }[];
};
