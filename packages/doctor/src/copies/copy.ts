import type { Certificate } from '@docker-mtls/ca';

/** A copy of a client's pair outside of the CA directory. */
export type FoundCopy = {
  readonly kind: 'context' | 'bundle' | 'credentials';
  /** The context's name, or the path of the file or folder. */
  readonly place: string;
  /** Missing where it cannot be read. */
  readonly certificate: Certificate | undefined;
  /** The options with which `bundle` makes the same again. */
  readonly made?: readonly string[];
  /** The files that hold a private key. */
  readonly secrets: readonly string[];
};
