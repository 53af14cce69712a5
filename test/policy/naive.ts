import { parse as parseYaml } from 'yaml';
import type { PolicyRequest } from '@docker-mtls/policy';
import { fold, isPlainVolume } from './naive-dangers.ts';
import type { ObjectsText } from './naive-objects.ts';
import { isLike, staysWithin } from './naive-objects.ts';
import type { Asked } from './naive-request.ts';
import { findRoute, lookAt } from './naive-request.ts';

/** A second opinion on docs/policy.md, as slow and as plain as it can be. It shares the table of operations and nothing else. */

type RoleText = {
  inherits?: string[];
  allow: string[];
  guards?: string;
  unknownFields?: string[];
  objects?: ObjectsText;
};

const BUILT_IN: Record<string, RoleText> = {
  viewer: { allow: ['@ping', '@read-safe', '@read-sensitive'], guards: 'restricted' },
  operator: { inherits: ['viewer'], allow: ['@lifecycle'], guards: 'restricted' },
  debugger: { inherits: ['operator'], allow: ['@interactive'], guards: 'baseline' },
  builder: {
    allow: ['@ping', '@read-safe', '@build', '@images', '@registry', 'ImagePush', 'SystemAuth'],
    guards: 'baseline',
  },
  deployer: {
    inherits: ['operator'],
    allow: [
      'ContainerCreate',
      '@networks',
      '@volumes',
      '@services',
      '@secrets',
      'ImageCreate',
      'ImageTag',
      'ImageDelete',
      '@registry',
      'SystemAuth',
    ],
    guards: 'restricted',
  },
  ci: {
    inherits: ['deployer', 'builder', 'debugger'],
    allow: ['PutContainerArchive', 'ContainerArchive', 'ImageCommit', 'ImageGet', 'ImageGetAll'],
    guards: 'baseline',
  },
  admin: { allow: ['*'], guards: 'none' },
};

const STARRED = new Set(['added-capabilities', 'groups', 'limits', 'network-addresses', 'build']);

type PolicyText = {
  mode?: string;
  local?: string;
  roles?: Record<string, RoleText>;
  bindings: { role: string; until?: string; subjects: Record<string, string>[] }[];
};

export function naiveReading(text: string): (request: PolicyRequest) => boolean {
  const policy = parseYaml(text) as PolicyText;
  return (request) => naiveAllows(policy, request);
}

function naiveAllows(policy: PolicyText, request: PolicyRequest): boolean {
  const roles = { ...BUILT_IN, ...policy.roles };
  const found = findRoute(request.method, request.uri);
  if (policy.mode === 'observe') return true;
  if (found === undefined || (request.body?.length ?? 0) > 3 * 1024 * 1024) return false;
  const isPing = found.operation === 'SystemPing' || found.operation === 'SystemPingHead';
  if (isPing && request.subject.kind === 'certificate') return true;
  return rolesOf(policy, request).some((name) => permits(name, roles, { ...found, request }));
}

function clean(hex: string | undefined): string {
  return (hex ?? '').replaceAll(':', '').toLowerCase();
}

function rolesOf(policy: PolicyText, { subject, now }: PolicyRequest): readonly string[] {
  if (subject.kind === 'local')
    return policy.local === undefined || policy.local === 'none' ? [] : [policy.local];
  return policy.bindings
    .filter(({ until }) => until === undefined || now < Date.parse(until))
    .filter(({ subjects }) =>
      subjects.some(({ cn, ou, uri, issuer, fingerprint }) => {
        if (fingerprint !== undefined) return clean(fingerprint) === subject.fingerprint;
        if (issuer !== undefined && clean(issuer) !== subject.issuer) return false;
        if (ou !== undefined) return subject.organizationalUnits.some((each) => each === ou);
        return cn === undefined
          ? subject.uris.some((each) => isLike(uri ?? '', each))
          : isLike(cn, subject.commonName);
      }),
    )
    .map(({ role }) => role);
}

function everythingOf(
  name: string,
  roles: Record<string, RoleText>,
): { allow: string[]; objects: ObjectsText[]; unknown: string[] } {
  const role = roles[name] ?? { allow: [] };
  const parents = (role.inherits ?? []).map((parent) => everythingOf(parent, roles));
  return {
    allow: [...role.allow, ...parents.flatMap((parent) => parent.allow)],
    objects: [
      ...(role.objects === undefined ? [] : [role.objects]),
      ...parents.flatMap((parent) => parent.objects),
    ],
    unknown: [...(role.unknownFields ?? []), ...parents.flatMap((parent) => parent.unknown)].map(fold),
  };
}

function levelOf(name: string, roles: Record<string, RoleText>): string {
  const role = roles[name];
  if (role?.guards !== undefined) return role.guards;
  const levels = (role?.inherits ?? []).map((parent) => levelOf(parent, roles));
  return ['restricted', 'baseline', 'none'].find((level) => levels.includes(level)) ?? 'restricted';
}

function permits(name: string, roles: Record<string, RoleText>, asked: Asked): boolean {
  const { allow, objects, unknown } = everythingOf(name, roles);
  if (!allow.includes('*') && !allow.includes(`@${asked.group}`) && !allow.includes(asked.operation))
    return false;
  const level = levelOf(name, roles);
  const guards = (guard: string): boolean =>
    level === 'restricted' ||
    (level === 'baseline' && !STARRED.has(guard)) ||
    (objects.length > 0 && ['body', 'query', 'upload'].includes(guard));
  const { seen, body, query } = lookAt(asked);
  if (
    seen.dangers.some(
      ({ guard, member }) => guards(guard) && !(guard === 'unknown-fields' && unknown.includes(member)),
    )
  )
    return false;
  const { found } = asked.request;
  const answer = (kind: string, reference: string) =>
    found.find((each) => each.kind === kind && each.reference === reference);
  if (guards('host-bind')) {
    for (const volume of seen.volumes) {
      const each = answer('volume', volume);
      if (each === undefined) return false;
      if (
        each.object !== undefined &&
        (each.object.driver !== 'local' || !isPlainVolume({ ...each.object.options }))
      )
        return false;
    }
  }
  if (guards('host-namespace')) {
    for (const network of seen.networks) {
      const driver = answer('network', network)?.object?.driver;
      if (driver === undefined || driver === 'host') return false;
    }
  }
  if (asked.operation === 'ExecStart' && guards('privileged')) {
    const session = answer('exec', asked.name)?.object;
    if (session?.privileged !== false || session.user !== '') return false;
  }
  return objects.every((rule) => staysWithin(rule, { asked, body, query, seen, answer }));
}
