import type { Finding } from '@docker-mtls/errors';

export type PolicyFindingId =
  | 'mode-observe'
  | 'binding-ended'
  | 'builds-unseen'
  | 'archives-unseen'
  | 'sessions-unseen'
  | 'lists-unfiltered'
  | 'local-builds'
  | 'fields-unchecked';

export type PolicyFinding = Finding<PolicyFindingId>;
