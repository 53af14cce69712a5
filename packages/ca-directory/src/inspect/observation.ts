/** What can be wrong with a CA directory: the words of the findings' table. */
export type ObservationWord =
  | 'ca-key-differs'
  | 'ca-key-missing'
  | 'ca-key-readable'
  | 'crl-behind'
  | 'crl-stale'
  | 'directory-owner'
  | 'directory-writable'
  | 'file-differs'
  | 'file-missing'
  | 'file-writable'
  | 'key-readable'
  | 'log-broken'
  | 'pair-key-differs'
  | 'pair-key-missing'
  | 'pair-missing'
  | 'profile-unusable'
  | 'registry-unusable'
  | 'stranger'
  | 'work-unfinished';

/** One thing that is wrong. */
export type Observation = {
  readonly word: ObservationWord;
  /** The file, folder or certificate that it is about. */
  readonly subject: string;
  readonly message: string;
  readonly hint?: string | undefined;
};
