import path from 'node:path';
import { quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { explain, route } from '@docker-mtls/policy';
import type { Decision, Explanation, Policy, PolicyRequest, Subject } from '@docker-mtls/policy';
import { facts, table } from '@docker-mtls/text';
import { readNamedPolicy } from '../../authz/read-policy.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { clientNamed } from './client.ts';
import type { NamedClient } from './client.ts';

/** Bodies are denied unread above this. */
const LARGEST_BODY = 4 * 1024 * 1024;

/** The rule that decides on a request, and what each role of the client would lead to. */
export async function explainRequest(args: Args, io: Io): Promise<Report> {
  const { file, policy } = readNamedPolicy(args, io);
  const client = await clientNamed({ file, policy }, { args, io });
  const request = requestOf(args, io, client.subject);
  const explanation = withStanding(explain(policy, request), client);
  return reportOf({ file, policy, client, request, explanation });
}

/** Who is revoked or locked is denied, whatever the policy says. */
function withStanding(explanation: Explanation, { standing: { refusal } }: NamedClient): Explanation {
  if (refusal === undefined) return explanation;
  const { operation } = explanation.decision;
  const nothing = { role: undefined, guard: undefined, needs: [] };
  return { ...explanation, decision: { ...refusal, operation, ...nothing, allow: false, denied: true } };
}

/** What a client sends always begins with a slash; without it, the answer would be about no request at all. */
function pathOf(args: Args): string {
  const text = args.text('path') ?? '';
  if (text.startsWith('/')) return text;
  throw new UsageError(`PATH ${quote(text)} does not begin with /`, 'write it as /containers/json');
}

function requestOf(args: Args, io: Io, subject: Subject): PolicyRequest {
  const file = args.text('body');
  const body = file === undefined ? undefined : readFile(path.resolve(io.cwd, file), LARGEST_BODY);
  const headers: Record<string, string> =
    body === undefined
      ? { 'Content-Length': '0' }
      : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  return {
    subject,
    method: (args.text('method') ?? '').toUpperCase(),
    uri: pathOf(args),
    headers,
    body,
    now: io.now().getTime(),
    engine: { unpacksSafely: false },
    found: [],
  };
}

type Explained = {
  readonly file: string;
  readonly policy: Policy;
  readonly client: NamedClient;
  readonly request: PolicyRequest;
  readonly explanation: Explanation;
};

type Verdict = 'allow' | 'deny' | 'depends';

function verdictOf({ denied, needs }: Decision): Verdict {
  if (!denied) return 'allow';
  return needs.length > 0 ? 'depends' : 'deny';
}

function reportOf(explained: Explained): Report {
  const { file, policy, client, request, explanation } = explained;
  const { decision, roles, risks } = explanation;
  return {
    json: {
      policy: file,
      mode: policy.mode,
      client: client.subject,
      method: request.method,
      path: request.uri,
      ...decisionJson(decision),
      roles: roles.map(({ role, rule, decision: each }) => ({ binding: rule, ...decisionJson(each), role })),
      risks,
    },
    text: textOf(explained),
  };
}

function decisionJson(decision: Decision): Record<string, unknown> {
  const { operation, role, rule, guard, reason, needs } = decision;
  return { verdict: verdictOf(decision), operation, role, rule, guard, reason, needs };
}

function textOf({ file, policy, client, request, explanation }: Explained): string {
  const { decision, roles, risks } = explanation;
  const { role, rule, guard, reason } = decision;
  const binding = roles.find((each) => each.role === role)?.rule;
  const lines: (readonly [string, string | undefined])[] = [
    ['policy', policy.mode === 'observe' ? `${file} (mode observe: denials are recorded only)` : file],
    ['role', binding === undefined ? role : `${role}, by ${binding}`],
    ['rule', rule],
    ['guard', guard],
    ['reason', reason],
  ];
  const known = lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return [
    `${heading(decision, client.subject, request)}\n`,
    facts(known),
    ...notes(decision, client),
    ...(roles.length < 2 ? [] : ['each role alone:\n', table(roles.map(roleCells))]),
    ...(risks.length === 0
      ? []
      : ['what guards refuse in it, whatever the role:\n', table(risks.map(riskCells))]),
  ].join('');
}

function heading(decision: Decision, subject: Subject, { method, uri }: PolicyRequest): string {
  const who = subject.kind === 'local' ? 'a local client' : quote(subject.commonName).slice(1, -1);
  const what = decision.operation ?? route(method, uri)?.operation ?? `${method} ${quote(uri)}`;
  const words = {
    allow: `may ${what}`,
    deny: `may not ${what}`,
    depends: `may ${what}, depending on objects`,
  };
  return `${who} ${words[verdictOf(decision)]}`;
}

function notes(
  { needs, guard }: Decision,
  { subject, isKnown, standing: { refusal, isComplete } }: NamedClient,
): readonly string[] {
  const asked = needs.map(({ kind, reference }) => `${kind} ${quote(reference)}`).join(', ');
  return [
    ...(needs.length === 0
      ? []
      : [`A plugin asks the engine about ${asked}; cases of policy test can say the answer.\n`]),
    ...(guard === 'archive'
      ? ['Engines that unpack archives safely are asked for this guard; here none is known.\n']
      : []),
    ...(refusal === undefined && !isComplete
      ? ['Whether the engine has its certificate as revoked or locked is not known here.\n']
      : []),
    ...(isKnown
      ? []
      : [
          `Only the name of the client is known: bindings by issuer, OU, URI or fingerprint are left out. Name ${
            subject.kind === 'local' ? 'a file' : './cert.pem'
          } instead.\n`,
        ]),
  ];
}

function roleCells({ role, rule, decision }: Explanation['roles'][number]): readonly string[] {
  return [`  ${role}`, rule, verdictOf(decision), decision.reason];
}

function riskCells({ guard, where, problem }: Explanation['risks'][number]): readonly string[] {
  return [`  ${guard}`, `${where} ${problem}`.trim()];
}
