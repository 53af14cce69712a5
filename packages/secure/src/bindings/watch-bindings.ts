import type { Session } from '@docker-mtls/authority';
import { isMtlsError } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { boundSubjects } from '@docker-mtls/policy';
import type { CertificateSubject } from '@docker-mtls/policy';
import { boundToOtherKeys, clientSubject, matchingBindings, unmatchedOf } from './lost-bindings.ts';
import type { Bindings, LostBinding, MatchedBindings } from './lost-bindings.ts';
import { readPolicyFile } from './read-policy-file.ts';
import type { PolicyFile } from './read-policy-file.ts';

/** Which bindings of this machine's policies a change of the CA's clients leaves without one. */
export type BindingWatch = {
  /** Hands on what is about to be changed, and notes which bindings match that. */
  readonly noting: <T extends Numbered>(certificates: AsyncIterable<T>) => AsyncIterable<T>;
  /** Those that were noted and match nobody any more. */
  readonly lost: () => Promise<readonly LostBinding[]>;
  /** If these certificates were gone, or replaced by others of the same names and of this CA: their fingerprints are new. */
  readonly wouldLose: (
    serials: readonly string[],
    change: 'gone' | 'replaced',
  ) => Promise<readonly LostBinding[]>;
  /** If all of them had certificates of the key with this identifier. */
  readonly wouldLoseToKey: (issuer: string) => Promise<readonly LostBinding[]>;
};

type Numbered = { readonly serial: string };

/** Finds the files of the policies. Codes: `FILE_…`. */
export type PolicyFiles = () => readonly string[];

/** Begins to watch the bindings of these policies. One that cannot be read is told of, and left out. */
export function watchBindings({ reader, caller }: Session, files: PolicyFiles): BindingWatch {
  const bound = readable(files, caller).flatMap(({ file, policy }) =>
    boundSubjects(policy).map((each) => ({ ...each, policy: file })),
  );
  if (bound.length === 0) return NOTHING_TO_LOSE;
  const bindings: Bindings = { bound, reader, now: () => caller.now() };
  const noted: MatchedBindings = new Map();
  return {
    noting: async function* noting(certificates) {
      for await (const each of certificates) {
        await noteMatches(bindings, noted, each.serial);
        yield each;
      }
    },
    lost: () => unmatchedOf(bindings, noted),
    wouldLose: (serials, change) => wouldLose(bindings, serials, change),
    wouldLoseToKey: (issuer) => boundToOtherKeys(bindings, issuer),
  };
}

const NOTHING_TO_LOSE: BindingWatch = {
  noting: (certificates) => certificates,
  lost: async () => [],
  wouldLose: async () => [],
  wouldLoseToKey: async () => [],
};

/** Returns the client of that serial number, if its certificate is in force. */
async function noteMatches(
  bindings: Bindings,
  noted: MatchedBindings,
  serial: string,
): Promise<CertificateSubject | undefined> {
  const subject = await clientSubject(bindings, serial);
  if (subject !== undefined)
    for (const binding of matchingBindings(bindings, subject)) noted.set(binding, serial);
  return subject;
}

async function wouldLose(
  bindings: Bindings,
  serials: readonly string[],
  change: 'gone' | 'replaced',
): Promise<readonly LostBinding[]> {
  const matched: MatchedBindings = new Map();
  const subjects: CertificateSubject[] = [];
  for (const serial of serials) {
    const subject = await noteMatches(bindings, matched, serial);
    if (subject !== undefined) subjects.push(subject);
  }
  if (change === 'replaced') for (const kept of await keptBy(bindings, subjects)) matched.delete(kept);
  return unmatchedOf(bindings, matched, new Set(serials));
}

/** What the certificates match that are issued in the place of these. */
async function keptBy(
  bindings: Bindings,
  subjects: readonly CertificateSubject[],
): Promise<readonly LostBinding[]> {
  const { certificate } = await bindings.reader.authority();
  const issuer = certificate.info.keyId ?? '';
  return subjects.flatMap((subject) => matchingBindings(bindings, { ...subject, issuer, fingerprint: '' }));
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
