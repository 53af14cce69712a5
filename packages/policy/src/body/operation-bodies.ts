import type { GuardName } from '../guards.ts';
import { GROUPS } from '../operations/operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { Check } from './check.ts';
import { struct } from './check.ts';
import { containerCreate, containerUpdate, execCreate, execStart, imageCommit } from './container.ts';
import { networkConnect, networkCreate, networkDisconnect } from './network.ts';
import { secretSpec, serviceSpec, volumeCreate, volumeUpdate } from './service.ts';

/**
 * What an operation reads from its body. `hidden`: a tar or a stream, which no plugin is shown; `nothing`: no engine reads it,
 * but those before API 1.24 took a HostConfig at a container's start.
 */
export type BodyRule =
  | { readonly kind: 'json'; readonly check: Check; readonly mayBeMissing?: boolean }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'nothing' };

const JSON_BODIES: ReadonlyMap<Operation, BodyRule> = new Map<Operation, BodyRule>([
  ['ContainerCreate', { kind: 'json', check: containerCreate }],
  ['ContainerUpdate', { kind: 'json', check: containerUpdate }],
  ['ContainerExec', { kind: 'json', check: execCreate }],
  ['ExecStart', { kind: 'json', check: execStart }],
  ['ImageCommit', { kind: 'json', check: imageCommit, mayBeMissing: true }],
  ['VolumeCreate', { kind: 'json', check: volumeCreate }],
  ['VolumeUpdate', { kind: 'json', check: volumeUpdate }],
  ['NetworkCreate', { kind: 'json', check: networkCreate }],
  ['NetworkConnect', { kind: 'json', check: networkConnect }],
  ['NetworkDisconnect', { kind: 'json', check: networkDisconnect }],
  ['ServiceCreate', { kind: 'json', check: serviceSpec }],
  ['ServiceUpdate', { kind: 'json', check: serviceSpec }],
  ['SecretCreate', { kind: 'json', check: secretSpec }],
  ['SecretUpdate', { kind: 'json', check: secretSpec }],
  ['ConfigCreate', { kind: 'json', check: secretSpec }],
  ['ConfigUpdate', { kind: 'json', check: secretSpec }],
]);

const HIDDEN: ReadonlySet<Operation> = new Set<Operation>([
  'PutContainerArchive',
  'ImageLoad',
  'ImageCreate',
  'ImageBuild',
  'PluginCreate',
  'ContainerAttach',
  'ContainerAttachWebsocket',
  'Session',
  'Grpc',
  'SystemAuth',
]);

const NOTHING: BodyRule = { kind: 'nothing' };

export function bodyRule(operation: Operation): BodyRule {
  return JSON_BODIES.get(operation) ?? (HIDDEN.has(operation) ? { kind: 'hidden' } : NOTHING);
}

/** Parameters of the query that dockerode, and Testcontainers with it, writes into the body too, where no engine reads them. */
const REPEATED: ReadonlyMap<Operation, readonly string[]> = new Map<Operation, readonly string[]>([
  ['ContainerStart', ['detachKeys']],
  ['ContainerStop', ['t', 'signal']],
  ['ContainerRestart', ['t', 'signal']],
  ['ContainerKill', ['signal']],
  ['ContainerWait', ['condition']],
  ['ContainerRename', ['name']],
  ['ContainerResize', ['h', 'w']],
  ['ExecResize', ['h', 'w']],
  ['ContainerPrune', ['filters']],
  ['ImagePrune', ['filters']],
  ['NetworkPrune', ['filters']],
  ['VolumePrune', ['filters']],
  ['ImageTag', ['repo', 'tag']],
  ['ImagePush', ['tag', 'platform']],
]);

const unread: Check = () => undefined;

/** The body of an operation that takes none. */
export function noMembers(operation: Operation): Check {
  const repeated = REPEATED.get(operation) ?? [];
  return struct(Object.fromEntries(repeated.map((name) => [name, unread])));
}

const members = (group: string): readonly Operation[] => [...(GROUPS.get(group) ?? [])];

/** Operations that a guard refuses whole: what they do is not in the request, or is the danger itself. */
export const REFUSED_WHOLE: ReadonlyMap<Operation, GuardName> = new Map<Operation, GuardName>([
  ...members('swarm').map((operation) => [operation, 'swarm'] as const),
  ...members('plugins').map((operation) => [operation, 'plugin'] as const),
  ...(['ImageBuild', 'BuildCancel', 'Session', 'Grpc'] as const).map(
    (operation) => [operation, 'build'] as const,
  ),
  ...(['CheckpointList', 'CheckpointCreate', 'CheckpointDelete'] as const).map(
    (operation) => [operation, 'checkpoint'] as const,
  ),
]);
