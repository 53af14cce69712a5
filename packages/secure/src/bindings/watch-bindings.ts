import type { Session } from '@docker-mtls/authority';
import { isMtlsError } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { lostBindings } from '@docker-mtls/policy';
import type { BoundSubject, CertificateSubject } from '@docker-mtls/policy';
import { readPolicyFile } from './read-policy-file.ts';
import type { PolicyFile } from './read-policy-file.ts';
import { clientsOf } from './registered-clients.ts';
import type { RegisteredClient } from './registered-clients.ts';

/** A subject of a binding that no client matches any more. */
export type LostBinding = BoundSubject & { readonly policy: string };

/** Which bindings of this machine's policies a change of the CA's clients leaves without one. */
export type BindingWatch = {
  /** By what was changed since the watch began. */
  readonly lost: () => Promise<readonly LostBinding[]>;
  /** If these certificates were gone, or replaced by others of the same names and of this CA: their fingerprints are new. */
  readonly wouldLose: (
    serials: readonly string[],
    change: 'gone' | 'replaced',
  ) => Promise<readonly LostBinding[]>;
  /** If all of them had certificates of the key with this identifier. */
  readonly wouldLoseToKey: (issuer: string) => Promise<readonly LostBinding[]>;
};

const NOTHING_TO_LOSE: BindingWatch = {
  lost: async () => [],
  wouldLose: async () => [],
  wouldLoseToKey: async () => [],
};

/** Finds the files of the policies. Codes: `FILE_…`. */
export type PolicyFiles = () => readonly string[];

/** Begins to watch the bindings of these policies. One that cannot be read is told of, and left out. */
export async function watchBindings({ reader, caller }: Session, files: PolicyFiles): Promise<BindingWatch> {
  const policies = readable(files, caller);
  if (policies.length === 0) return NOTHING_TO_LOSE;
  const before = await clientsOf(reader, caller.now());
  const compare = (after: readonly CertificateSubject[]): readonly LostBinding[] =>
    policies.flatMap(({ file, policy }) =>
      lostBindings(policy, before.map(subjectIn), after).map((each) => ({ ...each, policy: file })),
    );
  return {
    lost: async () => compare((await clientsOf(reader, caller.now())).map(subjectIn)),
    wouldLose: async (serials, change) => {
      const { certificate } = await reader.authority();
      const issuer = certificate.info.keyId ?? '';
      const isMeant = ({ entry }: RegisteredClient): boolean => serials.includes(entry.serial);
      const kept = before.filter((client) => !isMeant(client)).map(subjectIn);
      if (change === 'gone') return compare(kept);
      const replaced = before.filter(isMeant).map(({ subject }) => ({ ...subject, issuer, fingerprint: '' }));
      return compare([...kept, ...replaced]);
    },
    wouldLoseToKey: async (issuer) =>
      compare(
        before.map(({ subject }) =>
          subject.issuer === issuer ? subject : { ...subject, issuer, fingerprint: '' },
        ),
      ),
  };
}

function subjectIn({ subject }: RegisteredClient): CertificateSubject {
  return subject;
}

/** What cannot be read is no reason to leave a certificate in force. */
function readable(policies: PolicyFiles, { note }: Caller): readonly PolicyFile[] {
  const attempt = <T>(work: () => readonly T[]): readonly T[] => {
    try {
      return work();
    } catch (error) {
      if (!isMtlsError(error)) throw error;
      note?.({ kind: 'warning', message: `${error.message}: its bindings were not compared` });
      return [];
    }
  };
  return attempt(policies).flatMap((file) => attempt(() => [readPolicyFile(file)]));
}
