import { quote } from '@docker-mtls/errors';
import { plainHex } from '../decide/certificate-subject.ts';
import { PolicyError } from '../error.ts';
import { operationsOf } from '../operations/operation.ts';
import type { Operation } from '../operations/operation.ts';
import { isAdministrator, resolveRoles } from '../roles/resolve-roles.ts';
import type { RoleInText } from '../roles/resolve-roles.ts';
import { checkShape } from './check-shape.ts';
import type { Fail, Located } from './read-yaml.ts';
import { readYaml } from './read-yaml.ts';
import type { YamlLimits } from './read-yaml.ts';
import { POLICY_SHAPE } from './policy-shape.ts';
import type { Audit, AuditLevel, Binding, Policy, Role, SubjectPattern } from './policy.ts';
import { valueIn, entriesOf, itemsOf, textOf, textsOf } from './values.ts';

const LIMITS: YamlLimits = {
  what: 'the policy',
  code: 'POLICY_INVALID',
  largest: 256 * 1024,
  deepest: 10,
  tooLarge: 'bind roles to organizational units instead of names',
};

/** Reads a policy. Whatever is not exactly right ends with line and column. */
export function parse(text: string): Policy {
  const { root, fail } = readYaml(text, LIMITS);
  checkShape(root, POLICY_SHAPE, fail);
  const roles = resolveRoles(entriesOf(valueIn(root, 'roles')).map(roleInText), fail);
  const bindings = itemsOf(valueIn(root, 'bindings')).map((binding) => bindingOf(binding, roles, fail));
  const policy: Policy = {
    mode: textOf(valueIn(root, 'mode')) === 'observe' ? 'observe' : 'enforce',
    roles,
    bindings,
    local: localOf(valueIn(root, 'local'), roles, fail),
    audit: auditOf(valueIn(root, 'audit')),
    crl: { stale: textOf(valueIn(valueIn(root, 'crl'), 'stale')) === 'deny' ? 'deny' : 'warn' },
  };
  if (!hasAdministrator(policy)) throw noAdministrator();
  return policy;
}

function roleInText([name, { offset, value }]: readonly [
  string,
  { offset: number; value: Located },
]): RoleInText {
  const objects = valueIn(value, 'objects');
  return {
    name,
    offset,
    inherits: itemsOf(valueIn(value, 'inherits')).map((each) => ({
      name: textOf(each) ?? '',
      offset: each.offset,
    })),
    allow: textsOf(valueIn(value, 'allow')) ?? [],
    guards: textOf(valueIn(value, 'guards')) as RoleInText['guards'],
    unknownFields: textsOf(valueIn(value, 'unknownFields')) ?? [],
    objects: objects === undefined ? undefined : objectRule(objects),
  };
}

function objectRule(objects: Located): NonNullable<RoleInText['objects']> {
  const names = textsOf(valueIn(objects, 'names'));
  const images = textsOf(valueIn(objects, 'images'));
  const labels = valueIn(objects, 'labels');
  return {
    ...(names === undefined ? {} : { names }),
    ...(images === undefined ? {} : { images }),
    ...(labels === undefined ? {} : { labels: labelsOf(labels) }),
  };
}

function labelsOf(labels: Located): Record<string, string> {
  return Object.fromEntries(entriesOf(labels).map(([name, { value }]) => [name, textOf(value) ?? '']));
}

function bindingOf(binding: Located, roles: ReadonlyMap<string, Role>, fail: Fail): Binding {
  const role = roleAt(valueIn(binding, 'role'), roles, fail);
  const subjects = itemsOf(valueIn(binding, 'subjects')).map((subject) => {
    const pattern = subjectOf(subject);
    checkWildcard(pattern, role, (problem, hint) => fail(subject.offset, problem, hint));
    return pattern;
  });
  return { role: role.name, subjects, until: momentOf(valueIn(binding, 'until'), fail) };
}

function roleAt(name: Located | undefined, roles: ReadonlyMap<string, Role>, fail: Fail): Role {
  const role = roles.get(textOf(name) ?? '');
  if (role !== undefined) return role;
  return fail(
    name?.offset ?? 0,
    `no role is named ${quote(textOf(name) ?? '')}`,
    `use one of ${[...roles.keys()].join(', ')}`,
  );
}

function subjectOf(subject: Located): SubjectPattern {
  const fingerprint = textOf(valueIn(subject, 'fingerprint'));
  if (fingerprint !== undefined) return { kind: 'fingerprint', value: plainHex(fingerprint) };
  const issuer = textOf(valueIn(subject, 'issuer'));
  const ou = textOf(valueIn(subject, 'ou'));
  if (ou !== undefined) return { kind: 'ou', value: ou, issuer: plainHex(issuer ?? '') };
  const cn = textOf(valueIn(subject, 'cn'));
  const named =
    cn === undefined
      ? ({ kind: 'uri', value: textOf(valueIn(subject, 'uri')) ?? '' } as const)
      : ({ kind: 'cn', value: cn } as const);
  return issuer === undefined ? named : { ...named, issuer: plainHex(issuer) };
}

function checkWildcard(
  pattern: SubjectPattern,
  role: Role,
  refuse: (problem: string, hint: string) => never,
): void {
  if (pattern.kind !== 'cn' && pattern.kind !== 'uri') return;
  const star = pattern.value.indexOf('*');
  if (star === -1) return;
  if (star !== pattern.value.length - 1) refuse('a * before the end', 'use one * at the end');
  if (isAdministrator(role)) refuse(`a * for the administrator role ${role.name}`, 'name each administrator');
}

/** Milliseconds since 1970. */
export function momentOf(until: Located | undefined, fail: Fail): number | undefined {
  const text = textOf(until);
  if (text === undefined) return undefined;
  const date = new Date(text);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.replace('Z', ''));
  return isReal
    ? date.getTime()
    : fail(until?.offset ?? 0, `${quote(text)} is not a date`, 'use a date of the calendar');
}

function localOf(
  local: Located | undefined,
  roles: ReadonlyMap<string, Role>,
  fail: Fail,
): string | undefined {
  const name = textOf(local);
  return name === undefined || name === 'none' ? undefined : roleAt(local, roles, fail).name;
}

function auditOf(audit: Located | undefined): Audit {
  const rules = itemsOf(valueIn(audit, 'rules')).map((rule) => ({
    operations: new Set<Operation>(
      (textsOf(valueIn(rule, 'operations')) ?? []).flatMap((each) => [...operationsOf(each)]),
    ),
    level: (textOf(valueIn(rule, 'level')) ?? 'metadata') as AuditLevel,
  }));
  const level = (textOf(valueIn(audit, 'level')) ?? 'metadata') as AuditLevel;
  return { level, durability: textOf(valueIn(audit, 'durability')) === 'sync' ? 'sync' : 'batch', rules };
}

/** A binding that ends leaves no administrator one day, so it does not count. */
function hasAdministrator({ bindings, roles, local }: Policy): boolean {
  const isAdmin = (name: string): boolean => {
    const role = roles.get(name);
    return role !== undefined && isAdministrator(role);
  };
  return (
    (local !== undefined && isAdmin(local)) ||
    bindings.some(({ role, until }) => until === undefined && isAdmin(role))
  );
}

function noAdministrator(): PolicyError {
  return new PolicyError(
    'POLICY_NO_ADMINISTRATOR',
    'nobody would be administrator of the engine under this policy',
    {
      hint: 'bind the role admin to at least one certificate, without until, or set local: admin',
    },
  );
}
