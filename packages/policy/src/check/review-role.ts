import type { Role } from '../document/policy.ts';
import type { Operation } from '../operations/operation.ts';
import type { PolicyFinding } from './policy-finding.ts';

type RoleCheck = (role: Role) => PolicyFinding | undefined;

function allowed({ operations }: Role, wanted: readonly Operation[]): readonly Operation[] {
  return wanted.filter((operation) => operations.has(operation));
}

/** A role that relies on nothing has nothing to lose. */
function restrains({ guards, objects }: Role): boolean {
  return guards.size > 0 || objects.length > 0;
}

function isForSomeObjects({ objects }: Role): boolean {
  return objects.some(({ names, labels }) => names !== undefined || labels !== undefined);
}

function finding(
  id: PolicyFinding['id'],
  severity: PolicyFinding['severity'],
  message: string,
  hint: string,
): PolicyFinding {
  return { id, severity, message, hint };
}

const builds: RoleCheck = (role) => {
  const unseen = role.guards.has('build') ? [] : allowed(role, ['ImageBuild', 'Session', 'Grpc']);
  if (!restrains(role) || unseen.length === 0) return undefined;
  return finding(
    'builds-unseen',
    'warning',
    `the role ${role.name} allows builds (${unseen.join(', ')}), of which a plugin sees nothing: neither guards nor objects apply to them`,
    "set builder.entitlements network-host and device to false in daemon.json, or take '@build' from the role",
  );
};

const archives: RoleCheck = (role) => {
  const unseen = allowed(role, ['PutContainerArchive', 'ImageLoad', 'PluginCreate']);
  if (!restrains(role) || unseen.length === 0) return undefined;
  return finding(
    'archives-unseen',
    'note',
    `the role ${role.name} allows ${unseen.join(', ')}: a plugin sees nothing of what is in the archive`,
    'take them from the role if its clients do not need docker cp into containers, or docker load',
  );
};

const sessions: RoleCheck = (role) => {
  const entered = allowed(role, [
    'ContainerExec',
    'ExecStart',
    'ContainerAttach',
    'ContainerAttachWebsocket',
  ]);
  if (role.guards.size === 0 || entered.length === 0) return undefined;
  const what = 'a plugin sees no input and output of a session';
  if (isForSomeObjects(role)) {
    return finding(
      'sessions-unseen',
      'note',
      `the role ${role.name} may enter containers: ${what}`,
      "take '@interactive' from the role if its clients only deploy",
    );
  }
  return finding(
    'sessions-unseen',
    'warning',
    `the role ${role.name} may enter every container, those that an administrator made with more power as well: ${what}`,
    'give the role objects with names or labels',
  );
};

const lists: RoleCheck = (role) => {
  const shown = allowed(role, ['ContainerList', 'VolumeList', 'NetworkList', 'ServiceList', 'SystemEvents']);
  if (!isForSomeObjects(role) || shown.length === 0) return undefined;
  return finding(
    'lists-unfiltered',
    'note',
    `the role ${role.name} is for some objects, but lists and events show it all of them: a plugin cannot shorten answers`,
    'use another engine for what its clients must not know of',
  );
};

const fields: RoleCheck = (role) => {
  if (role.guards.size === 0 || role.unknownFields.size === 0) return undefined;
  return finding(
    'fields-unchecked',
    'warning',
    `the role ${role.name} permits members of bodies that no guard checks: ${[...role.unknownFields].join(', ')}`,
    'remove them from unknownFields when this version of docker-mtls knows them',
  );
};

const CHECKS: readonly RoleCheck[] = [builds, archives, sessions, lists, fields];

/** What a role relies on that a plugin cannot see. */
export function reviewRole(role: Role): readonly PolicyFinding[] {
  return CHECKS.flatMap((check) => check(role) ?? []);
}
