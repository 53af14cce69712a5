import type {
  AuthorityRecord,
  CertificateRecord,
  ListRecord,
  RecordedEvent,
  RenewalFailure,
  Revocation,
  Unfinished,
  UnfinishedHook,
} from '../src/index.ts';

/** All that a registry in memory holds. */
export type Chained = RecordedEvent & { readonly previous: string; readonly hash: string };
export type Revoked = Revocation & {
  readonly issuer?: string | undefined;
  readonly notAfter: Date | undefined;
  readonly publicKey: string | undefined;
};
export type State = {
  schema: number;
  certificates: CertificateRecord[];
  authorities: AuthorityRecord[];
  revocations: Revoked[];
  lists: (ListRecord & { readonly pem: string; readonly published: boolean })[];
  listNumbers: Map<string, bigint>;
  rootsDue: boolean;
  unfinished: Unfinished[];
  failures: RenewalFailure[];
  hooks: Omit<UnfinishedHook, 'kind' | 'name'>[];
  copyFolders: string[];
  events: Chained[];
};

/** A change works on a copy. */
export function copyOf(state: State): State {
  const lists = Object.entries(state).map(([name, value]) => [
    name,
    Array.isArray(value) ? [...value] : value,
  ]);
  return { ...(Object.fromEntries(lists) as State), listNumbers: new Map(state.listNumbers) };
}
