import type { GuardName } from '../guards.ts';
import { GUARD_NAMES } from '../guards.ts';
import type { Operation } from '../operations/operation.ts';
import { bodyRule, REFUSED_WHOLE } from '../body/operation-bodies.ts';

const OF_CONTAINERS: readonly GuardName[] = [
  'privileged',
  'host-bind',
  'volume-driver',
  'volumes-from',
  'host-namespace',
  'join-namespace',
  'capabilities',
  'added-capabilities',
  'devices',
  'security-options',
  'runtime',
  'cgroup',
  'sysctls',
  'groups',
  'log-driver',
  'limits',
  'network',
];

const OF_SERVICES: readonly GuardName[] = [
  'host-bind',
  'volume-driver',
  'host-namespace',
  'join-namespace',
  'capabilities',
  'added-capabilities',
  'security-options',
  'runtime',
  'sysctls',
  'groups',
  'log-driver',
  'limits',
  'network',
  'service-runtime',
];

const OWN: Partial<Record<Operation, readonly GuardName[]>> = {
  ContainerCreate: OF_CONTAINERS,
  ContainerUpdate: ['cgroup', 'devices', 'limits'],
  ContainerExec: ['privileged', 'exec-user'],
  ExecStart: ['privileged', 'exec-user'],
  PutContainerArchive: ['archive'],
  VolumeCreate: ['volume-driver'],
  VolumeUpdate: ['volume-driver'],
  NetworkCreate: ['network', 'network-addresses'],
  NetworkConnect: ['sysctls', 'network'],
  ServiceCreate: OF_SERVICES,
  ServiceUpdate: [...OF_SERVICES, 'rollback'],
  SecretCreate: ['secret-driver'],
  SecretUpdate: ['secret-driver'],
  ConfigCreate: ['secret-driver'],
  ConfigUpdate: ['secret-driver'],
  ContainerTop: ['process-list'],
  ContainerStart: ['checkpoint'],
  ImageCreate: ['image-import'],
};

/** The guards that can refuse an operation. */
export function guardsOfOperation(operation: Operation): readonly GuardName[] {
  const whole = REFUSED_WHOLE.get(operation);
  const { kind } = bodyRule(operation);
  const ofBody: readonly GuardName[] =
    kind === 'json'
      ? ['body', 'unknown-fields', 'upload']
      : kind === 'nothing'
        ? ['body', 'unknown-fields', 'upload']
        : ['upload'];
  const all = new Set<GuardName>([
    'query',
    ...ofBody,
    ...(whole === undefined ? [] : [whole]),
    ...(OWN[operation] ?? []),
  ]);
  return GUARD_NAMES.filter((name) => all.has(name));
}
