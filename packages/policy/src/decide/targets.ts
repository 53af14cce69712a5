import type { Inspection } from '../body/inspect.ts';
import { isObject, memberOf } from '../body/check.ts';
import type { BodyValue } from '../body/parse-json.ts';
import type { Operation } from '../operations/operation.ts';
import type { Route } from '../route/route.ts';
import type { LookupKind } from './request.ts';

/** The objects that a request is about, as far as it says. */
export type Targets = {
  /** Existing ones, by what the request calls them. */
  readonly references: readonly { readonly kind: LookupKind; readonly reference: string }[];
  /** Those that it makes: named and labelled by itself. */
  readonly made: readonly {
    readonly name: string | undefined;
    readonly labels: Readonly<Record<string, string>> | undefined;
  }[];
  /** As they are written. */
  readonly images: readonly string[];
  /** Images of which every tag is meant where none is written. */
  readonly repositories: readonly string[];
  /** It is about objects that it does not name: all, those in an archive, or those of a cluster. */
  readonly unnamed: 'none' | 'objects' | 'images';
};

const KINDS: Readonly<Record<string, LookupKind>> = {
  containers: 'container',
  exec: 'exec',
  volumes: 'volume',
  networks: 'network',
  services: 'service',
  tasks: 'task',
  secrets: 'secret',
  configs: 'config',
};

const UNNAMED_OBJECTS: ReadonlySet<Operation> = new Set<Operation>([
  'ContainerPrune',
  'VolumePrune',
  'NetworkPrune',
  'SwarmInit',
  'SwarmJoin',
  'SwarmLeave',
  'SwarmUpdate',
  'SwarmUnlock',
  'SwarmUnlockkey',
  'SwarmInspect',
  'NodeUpdate',
  'NodeDelete',
  'PluginPull',
  'PluginCreate',
  'PluginEnable',
  'PluginDisable',
  'PluginUpgrade',
  'PluginSet',
  'PluginDelete',
  'PluginPush',
  'DebugVars',
  'DebugPprof',
]);

const UNNAMED_IMAGES: ReadonlySet<Operation> = new Set<Operation>([
  'ImageLoad',
  'ImagePrune',
  'ImageGetAll',
  'ImageSearch',
  'GetPluginPrivileges',
  'ImageBuild',
  'Session',
  'Grpc',
]);

export function targetsOf(route: Route, { operation, query, body }: Inspection): Targets {
  const unnamed = UNNAMED_OBJECTS.has(operation)
    ? 'objects'
    : UNNAMED_IMAGES.has(operation)
      ? 'images'
      : 'none';
  const named = namedByPath(route);
  const base: Targets = { references: named, made: [], images: [], repositories: [], unnamed };
  const text = (name: string): string => textOf(memberOf(body, name)) ?? '';
  switch (operation) {
    case 'ContainerCreate':
      return {
        ...base,
        made: [{ name: query.get('name'), labels: labelsOf(body) }],
        images: [text('Image')],
      };
    case 'ContainerRename':
      return { ...base, made: [{ name: query.get('name'), labels: undefined }] };
    case 'ServiceCreate':
    case 'ServiceUpdate': {
      const image =
        textOf(memberOf(memberOf(memberOf(body, 'TaskTemplate'), 'ContainerSpec'), 'Image')) ?? '';
      return { ...base, made: [madeBy(body)], images: [image] };
    }
    case 'VolumeCreate':
    case 'NetworkCreate':
    case 'SecretCreate':
    case 'SecretUpdate':
    case 'ConfigCreate':
    case 'ConfigUpdate':
      return { ...base, made: [madeBy(body)] };
    case 'NetworkConnect':
    case 'NetworkDisconnect':
      return { ...base, references: [...named, { kind: 'container', reference: text('Container') }] };
    case 'ImageCommit':
      return {
        ...base,
        references: [{ kind: 'container', reference: query.get('container') ?? '' }],
        images: [taggedImage(query.get('repo'), query.get('tag'))],
      };
    case 'ImageCreate':
      return query.get('fromSrc') === undefined
        ? { ...base, repositories: [taggedImage(query.get('fromImage'), query.get('tag'))] }
        : { ...base, unnamed: 'images' };
    case 'ImageTag':
      return { ...base, images: [route.name ?? '', taggedImage(query.get('repo'), query.get('tag'))] };
    case 'ImagePush':
      return { ...base, repositories: [taggedImage(route.name, query.get('tag'))] };
    case 'ImageGet':
      return { ...base, repositories: [route.name ?? ''] };
    default:
      return isAboutImage(route) ? { ...base, images: [route.name ?? ''] } : base;
  }
}

function namedByPath({ path, name }: Route): Targets['references'] {
  const kind = KINDS[path.split('/', 2)[1] ?? ''];
  return kind === undefined || name === undefined ? [] : [{ kind, reference: name }];
}

function isAboutImage({ path, name }: Route): boolean {
  return name !== undefined && /^\/(?:images|distribution)\//.test(path);
}

function madeBy(body: BodyValue | undefined): Targets['made'][number] {
  return { name: textOf(memberOf(body, 'Name')), labels: labelsOf(body) };
}

function labelsOf(body: BodyValue | undefined): Readonly<Record<string, string>> {
  const labels = memberOf(body, 'Labels');
  if (!isObject(labels)) return {};
  return Object.fromEntries([...labels].map(([name, value]) => [name, textOf(value) ?? '']));
}

/** The engine joins the tag to a reference that has none; a digest comes as a tag too. */
function taggedImage(name: string | undefined, tag: string | undefined): string {
  if (tag === undefined || tag === '') return name ?? '';
  return `${name ?? ''}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
}

function textOf(value: BodyValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
