import path from 'node:path';
import { escapeUnprintable } from '@docker-mtls/errors';
import { exists } from '@docker-mtls/files';
import { parseCases, runCases } from '@docker-mtls/policy';
import type { CaseResult } from '@docker-mtls/policy';
import { counted } from '@docker-mtls/text';
import { policyFileOf } from '../../authz/read-policy.ts';
import { readPolicyFile, readText } from '@docker-mtls/secure/bindings';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';

const ANSWERED_NO = 3;

/** Decides the cases of a file, and lists those that come out otherwise than expected. Exit code 3 when there is one. */
export async function testPolicy(args: Args, io: Io): Promise<Report> {
  const file = path.resolve(io.cwd, args.text('cases') ?? '');
  const { file: policyFile, policy } = readPolicyFile(policyBeside(file, args, io));
  const cases = readText(file, (text) => parseCases(text, { now: io.now().getTime() }));
  const results = runCases(policy, cases);
  const failed = results.filter(({ failure }) => failure !== undefined);
  return {
    json: { policy: policyFile, cases: results.length, failed: failed.map(resultJson) },
    text: [
      ...failed.map((result) => resultText(path.relative(io.cwd, file), result)),
      `${counted(results.length, 'case', 'cases')}: ${results.length - failed.length} as expected, ${failed.length} not\n`,
    ].join(''),
    ...(failed.length > 0 && { exitCode: ANSWERED_NO }),
  };
}

function policyBeside(file: string, args: Args, io: Io): string {
  const beside = path.join(path.dirname(file), 'policy.yaml');
  const named = args.text('policy');
  return named === undefined && exists(beside) ? beside : policyFileOf(named, io);
}

function resultJson({ case: each, decision, failure }: CaseResult): Record<string, unknown> {
  const { about, line, variant, expected } = each;
  const { operation, role, rule, guard } = decision;
  return { line, about, request: variant, expected, problem: failure, operation, role, rule, guard };
}

function resultText(file: string, { case: each, failure = '' }: CaseResult): string {
  const { line, about, variant, expected } = each;
  return `${escapeUnprintable(`${file}:${line}: ${about} (${variant.slice(0, 200)}): expected ${expected}, ${failure}`)}\n`;
}
