import { quote } from '@docker-mtls/errors';
import {
  GROUPS,
  GUARD_NAMES,
  matchesSubject,
  OPERATIONS,
  operationsOf,
  roleNameOf,
  whoCan,
} from '@docker-mtls/policy';
import type { GuardName, RoleHolder, Operation } from '@docker-mtls/policy';
import { moment, table } from '@docker-mtls/text';
import { readNamedPolicy } from '../../authz/read-policy.ts';
import { registeredClients } from '../../authz/registered-clients.ts';
import type { RegisteredClient } from '@docker-mtls/secure/bindings';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { nearest } from '../../command-line/nearest.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

type Row = RoleHolder & { readonly clients: readonly string[] | undefined };

/** Who may use an operation or operations of a group now; with a guard, in the way that it refuses. */
export async function whoCanUse(args: Args, io: Io): Promise<Report> {
  const operation = args.text('operation') ?? '';
  const operations = operationsNamed(operation);
  const guard = guardOf(args);
  const { file, policy } = readNamedPolicy(args, io);
  const clients = await registeredClients(args, io);
  const question = { operations, now: io.now().getTime(), ...(guard !== undefined && { guard }) };
  const holders = whoCan(policy, question).map((holder) => ({
    ...holder,
    clients: namesOf(holder, clients),
  }));
  return {
    json: {
      policy: file,
      operation,
      ...(guard !== undefined && { guard }),
      holders: holders.map(holderJson),
    },
    text: textOf(holders, {
      what: guard === undefined ? operation : `${operation} past the guard ${guard}`,
      operations,
    }),
  };
}

function operationsNamed(name: string): ReadonlySet<Operation> {
  // Everything that there is would be a long list.
  const operations = name === '*' ? new Set<Operation>() : operationsOf(name);
  if (operations.size > 0) return operations;
  const meant = nearest(name, [...OPERATIONS, ...[...GROUPS.keys()].map((group) => `@${group}`)]);
  const hint =
    meant === undefined
      ? 'docs/policy.md and the specification of the API list them'
      : `did you mean ${meant}?`;
  throw new UsageError(`${quote(name)} is no operation of the API, and no group of them`, hint);
}

function guardOf(args: Args): GuardName | undefined {
  const name = args.text('guard');
  const guard = GUARD_NAMES.find((each) => each === name);
  if (name === undefined || guard !== undefined) return guard;
  throw new UsageError(`${quote(name)} is no guard`, `the guards are ${GUARD_NAMES.join(', ')}`);
}

/** The clients of the CA that a binding is for. */
function namesOf(
  { subjects }: RoleHolder,
  clients: readonly RegisteredClient[] | undefined,
): readonly string[] | undefined {
  if (subjects === 'local' || clients === undefined) return undefined;
  return clients
    .filter(({ subject }) => subjects.some((pattern) => matchesSubject(pattern, subject)))
    .map(({ entry }) => entry.name);
}

function holderJson({
  role,
  operations,
  rule,
  subjects,
  until,
  isLimited,
  clients,
}: Row): Record<string, unknown> {
  return {
    role,
    operations,
    rule,
    subjects: subjects === 'local' ? ['local'] : subjects.map(roleNameOf),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    limited: isLimited,
    ...(clients !== undefined && { clients }),
  };
}

type Asked = { readonly what: string; readonly operations: ReadonlySet<Operation> };

function textOf(holders: readonly Row[], { what, operations: asked }: Asked): string {
  if (holders.length === 0) return `Nobody may ${what}\n`;
  const rows = holders.map(({ role, operations, rule, subjects, until, isLimited, clients = [] }) => [
    subjects === 'local' ? 'local clients' : subjects.map(roleNameOf).join(', '),
    role,
    rule,
    until === undefined ? '' : moment(new Date(until)),
    isLimited ? 'some objects' : '',
    clients.join(' '),
    ...(asked.size > 1 ? [operations.length === asked.size ? 'all' : operations.join(' ')] : []),
  ]);
  const head = ['WHO', 'ROLE', 'RULE', 'UNTIL', 'ON', 'CLIENTS', ...(asked.size > 1 ? ['OPERATIONS'] : [])];
  return `Who may ${what}:\n${table([head, ...rows])}`;
}
