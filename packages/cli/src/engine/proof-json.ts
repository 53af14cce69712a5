import type { Finding } from '@docker-mtls/errors';
import type { ProofReport } from '@docker-mtls/secure';

type ProofKeys = { readonly findings: readonly Finding[]; readonly proof: readonly unknown[] };

/** A proof for programs: every connection, and what was found. */
export function proofJson({ asked, findings }: ProofReport): ProofKeys {
  const proof = asked.map(({ place, proof: { verdict, fingerprint, probes } }) => ({
    address: place.label,
    verdict,
    fingerprint,
    probes: probes.map(({ kind, who, expected, version, sni, outcome, isGood }) => {
      const { kind: result, detail, alert } = outcome;
      return { kind, who, expected, version, sni, result, detail, alert, good: isGood };
    }),
  }));
  return { findings, proof };
}
