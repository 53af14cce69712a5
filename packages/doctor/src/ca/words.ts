import { shellWord } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';

/** No name that is issued is longer. */
const LONGEST_NAME = 253;

/** Whose certificate it is: `client alice`. */
export function findingSubjectOf({ kind, name }: Pick<Entry, 'kind' | 'name'>): string {
  return `${kind} ${name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name}`;
}

/** The command that renews a pair; a client's is packed again, for its holder has the old one. */
export function renewHint({ kind, name }: Pick<Entry, 'kind' | 'name'>): string {
  const renew = `docker-mtls renew --kind ${kind} ${shellWord(name)}`;
  return kind === 'client'
    ? `run ${renew} && docker-mtls bundle ${shellWord(name)} --for HOST`
    : `run ${renew}, with --apply on the machine of its engine`;
}
