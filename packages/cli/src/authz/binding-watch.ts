import { isMtlsError } from '@docker-mtls/errors';
import { lostBindings, roleNameOf } from '@docker-mtls/policy';
import type { BoundSubject, CertificateSubject } from '@docker-mtls/policy';
import type { CliSession } from '../ca/session.ts';
import type { Report } from '../command-line/command.ts';
import type { Io } from '../io/io.ts';
import { installedPolicies } from './installed.ts';
import { readPolicyFile } from './read-policy.ts';
import type { PolicyFile } from './read-policy.ts';
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

export async function watchBindings({ reader, io }: CliSession): Promise<BindingWatch> {
  const policies = readablePolicies(io);
  if (policies.length === 0) return NOTHING_TO_LOSE;
  const before = await clientsOf(reader, io.now());
  const compare = (after: readonly CertificateSubject[]): readonly LostBinding[] =>
    policies.flatMap(({ file, policy }) =>
      lostBindings(policy, before.map(subjectIn), after).map((each) => ({ ...each, policy: file })),
    );
  return {
    lost: async () => compare((await clientsOf(reader, io.now())).map(subjectIn)),
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
function readablePolicies(io: Io): readonly PolicyFile[] {
  const attempt = <T>(work: () => readonly T[]): readonly T[] => {
    try {
      return work();
    } catch (error) {
      if (!isMtlsError(error)) throw error;
      io.note(`warning: ${error.message}: its bindings were not compared`);
      return [];
    }
  };
  return attempt(() => installedPolicies(io)).flatMap((file) => attempt(() => [readPolicyFile(file)]));
}

/** Adds to the report of a change which bindings match nobody after it. */
export function withLostBindings(report: Report, lost: readonly LostBinding[]): Report {
  if (lost.length === 0) return report;
  const bindings = lost.map(({ policy, rule, role, subject }) => ({
    policy,
    rule,
    role,
    subject: roleNameOf(subject),
  }));
  return {
    ...report,
    json: { ...report.json, bindings },
    text: `${report.text}${lostText(lost)}`,
  };
}

export function lostText(lost: readonly LostBinding[]): string {
  return lost
    .map(
      ({ policy, rule, role, subject }) =>
        `  ${policy}: ${rule} (role ${role}) matches no client any more: ${roleNameOf(subject)}\n`,
    )
    .join('');
}
