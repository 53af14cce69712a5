export type LeafKind = 'server' | 'client';
export type EntryKind = 'ca' | LeafKind | 'probe';

export type EntryStatus = 'current' | 'replaced' | 'revoked';

export type EntryFilter = {
  readonly kind?: EntryKind;
  readonly name?: string;
  /** Also those that were replaced or revoked. Probes are found by their kind alone. */
  readonly all?: boolean;
  /** Only those that end by then. */
  readonly endingBy?: Date;
  /** A page of what is left: of one kind and in force, those whose names come after this one, and how many at most. */
  readonly page?: { readonly after: string; readonly size: number };
};
