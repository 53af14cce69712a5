import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import type { Finding } from '@docker-mtls/errors';
import { roleNameOf, PolicyError, review, unmatchedBindings } from '@docker-mtls/policy';
import type { CertificateSubject, Policy } from '@docker-mtls/policy';
import { counted } from '@docker-mtls/text';
import { placeIn, readPolicyFile } from '@docker-mtls/secure/bindings';
import { policyFileOf } from '../../authz/read-policy.ts';
import { registeredClients } from '../../authz/registered-clients.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { problemText } from '../../printing/problem-text.ts';

const ANSWERED_NO = 3;

/** Is a policy valid, and what does it rely on? Exit code 3 when it is not. */
export async function checkPolicy(args: Args, io: Io): Promise<Report> {
  const file = policyFileOf(args.text('file'), io);
  try {
    const { policy } = readPolicyFile(file);
    const clients = await registeredClients(args, io);
    const unmatched =
      clients === undefined
        ? []
        : findUnmatched(
            policy,
            clients.map(({ subject }) => subject),
          );
    return validReport(file, policy, [...review(policy, io.now().getTime()), ...unmatched]);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (error instanceof MtlsError && cause instanceof PolicyError) return invalidReport(file, cause);
    throw error;
  }
}

function findUnmatched(policy: Policy, clients: readonly CertificateSubject[]): readonly Finding[] {
  return unmatchedBindings(policy, clients).map(({ rule, role, subject }) => ({
    id: 'binding-unmatched',
    severity: 'warning',
    message: `${rule} (role ${role}) matches no client of the CA: ${roleNameOf(subject)}`,
    hint: 'compare it with docker-mtls list; a fingerprint changes with every renewal',
  }));
}

function validReport(file: string, policy: Policy, findings: readonly Finding[]): Report {
  const { bindings, mode } = policy;
  const facts = `mode ${mode}, ${counted(bindings.length, 'binding', 'bindings')}`;
  const name = path.basename(file);
  return {
    json: { file, valid: true, mode, findings },
    text: `${file}: valid (${facts})\n${findings.map((each) => problemText(name, each)).join('')}`,
  };
}

function invalidReport(file: string, error: PolicyError): Report {
  const { code, problem, place, hint = '' } = error;
  const finding = { id: code, severity: 'error' as const, message: problem, hint };
  return {
    json: { file, valid: false, findings: [{ ...finding, ...place }] },
    text: problemText(placeIn(file, error), finding),
    exitCode: ANSWERED_NO,
  };
}
