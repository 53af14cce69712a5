import type { FoundObject } from '@docker-mtls/policy';
import { ROUTES } from '../../packages/policy/src/operations/table.ts';
import type { Seen } from './naive-dangers.ts';
import { find } from './naive-dangers.ts';
import type { Asked } from './naive-request.ts';

export type ObjectsText = { names?: string[]; labels?: Record<string, string>; images?: string[] };

type Answer = (kind: string, reference: string) => { object?: FoundObject } | undefined;
type Context = {
  asked: Asked;
  body: unknown;
  query: ReadonlyMap<string, string>;
  seen: Seen;
  answer: Answer;
};

const NAMELESS =
  /^(Container|Volume|Network)Prune$|^Swarm|^Node(Update|Delete)$|^Plugin(Pull|Create|Enable|Disable|Upgrade|Set|Delete|Push)$|^Debug/;
const IMAGELESS = /^Image(Load|Prune|GetAll|Search|Build)$|^GetPluginPrivileges$|^Session$|^Grpc$/;

/** Does a request stay within a rule on objects? Written from docs/policy.md alone. */
export function staysWithin(rule: ObjectsText, { asked, body, query, seen, answer }: Context): boolean {
  const { operation, name, path } = asked;
  const isByObject = rule.names !== undefined || rule.labels !== undefined;
  if (isByObject) {
    if (NAMELESS.test(operation)) return false;
    const isFine = (object: FoundObject | undefined): boolean =>
      object !== undefined && isOurs(rule, object.name, object.labels);
    const isKnown = (kind: string, reference: string): boolean =>
      /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(reference) && isFine(answer(kind, reference)?.object);
    const kind = {
      containers: 'container',
      volumes: 'volume',
      networks: 'network',
      services: 'service',
      tasks: 'task',
      secrets: 'secret',
      configs: 'config',
    }[path.split('/')[1] ?? ''];
    const isNamed = /\{/.test(
      ROUTES.find((row) => row[0] === operation && row[2] !== '/networks/')?.[2] ?? '',
    );
    if (kind !== undefined && isNamed && !isKnown(kind, name)) return false;
    if (path.startsWith('/exec/') && !isKnown('container', answer('exec', name)?.object?.container ?? ''))
      return false;
    if (seen.volumes.some((volume) => !isKnown('volume', volume))) return false;
    for (const each of seen.uses) {
      const [, kindUsed = '', reference = ''] = /^(\w+) (.*)$/s.exec(each) ?? [];
      if (!isKnown(kindUsed, reference)) return false;
    }
    if (
      /^Network(Connect|Disconnect)$/.test(operation) &&
      !isKnown('container', text(find(body as never, 'Container')))
    )
      return false;
    if (operation === 'ImageCommit' && !isKnown('container', query.get('container') ?? '')) return false;
    if (
      operation === 'ContainerRename' &&
      !isOurs({ ...rule, labels: {} }, (query.get('name') ?? '').replace(/^\//, ''), {})
    )
      return false;
    const labels = (find(body as never, 'Labels') ?? {}) as Record<string, string>;
    if (
      operation === 'ContainerCreate' &&
      !isOurs(rule, (query.get('name') ?? '').replace(/^\//, ''), labels)
    )
      return false;
    if (
      /^(Service(Create|Update)|VolumeCreate|NetworkCreate|(Secret|Config)(Create|Update))$/.test(operation)
    ) {
      if (!isOurs(rule, text(find(body as never, 'Name')).replace(/^\//, ''), labels)) return false;
    }
  }
  if (rule.images === undefined) return true;
  const patterns = rule.images;
  if (IMAGELESS.test(operation) || (operation === 'ImageCreate' && query.has('fromSrc'))) return false;
  const spec = find(find(body as never, 'TaskTemplate'), 'ContainerSpec');
  const target = tagged(query.get('repo') ?? '', query.get('tag'));
  const images: Record<string, string[]> = {
    ContainerCreate: [text(find(body as never, 'Image'))],
    ServiceCreate: [text(find(spec, 'Image'))],
    ServiceUpdate: [text(find(spec, 'Image'))],
    ImageCommit: [target],
    ImageCreate: ofTags(tagged(query.get('fromImage') ?? '', query.get('tag'))),
    ImageTag: [name, target],
    ImagePush: ofTags(tagged(name, query.get('tag'))),
    ImageGet: ofTags(name),
  };
  const named =
    /^\/(images|distribution)\/./.test(path) && !/^\/images\/(json|create|search|prune|get|load)$/.test(path)
      ? [name]
      : [];
  return (images[operation] ?? named).every((image) => patterns.some((pattern) => isImage(pattern, image)));
}

function tagged(reference: string, tag: string | undefined): string {
  if (tag === undefined || tag === '') return reference;
  return reference + (tag.startsWith('sha256:') ? '@' : ':') + tag;
}

/** Without tag and digest, every tag is meant: a pattern that is for these two is for all. */
function ofTags(reference: string): string[] {
  return /[:@][^/]*$/.test(reference) || reference === '' ? [reference] : [reference, `${reference}:Zz_9.q`];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isOurs(rule: ObjectsText, name: string, labels: Record<string, string>): boolean {
  if (rule.names !== undefined && (name === '' || !rule.names.some((pattern) => isLike(pattern, name))))
    return false;
  return Object.entries(rule.labels ?? {}).every(([key, value]) => labels !== null && labels[key] === value);
}

/** Completes a reference: a registry, `library/`, and the tag `latest`; a digest makes the tag idle. */
function complete(reference: string): string | undefined {
  if (/^(sha256:)?[0-9a-f]{1,64}$/.test(reference) || reference.length > 512) return undefined;
  const [name = '', digest, ...more] = reference.split('@');
  if (more.length > 0 || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))) return undefined;
  const parts = name.split('/');
  const [last = '', tag, ...rest] = (parts.pop() ?? '').split(':');
  if (rest.length > 0 || (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))) return undefined;
  const all = [...parts, last];
  const isDomain = all.length > 1 && /[.:A-Z]|^localhost$/.test(all[0] ?? '');
  if (isDomain && !/^[\da-z][\da-z-]*(\.[\da-z][\da-z-]*)*(:\d+)?$/i.test(all[0] ?? '')) return undefined;
  if (!all.slice(isDomain ? 1 : 0).every((part) => /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/.test(part)))
    return undefined;
  if (all[0] === 'index.docker.io') all[0] = 'docker.io';
  if (all[0] === 'docker.io' && all.length === 2) all.splice(1, 0, 'library');
  const full = isDomain ? all : ['docker.io', ...(all.length === 1 ? ['library'] : []), ...all];
  return `${full.join('/')}${digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}

function isImage(pattern: string, reference: string): boolean {
  const image = complete(reference);
  if (image === undefined) return false;
  const full = /^(\*\*|[^/]*[.:][^/]*\/)/.test(pattern)
    ? pattern
    : `docker.io/${pattern.includes('/') ? '' : 'library/'}${pattern}`;
  const source = (end: string): RegExp =>
    new RegExp(
      `^${(full + end).replaceAll('.', '\\.').replaceAll('**', '\u0000').replaceAll('*', '[^/]*').replaceAll('\u0000', '.*')}$`,
    );
  const isComplete = full.endsWith('**') || /[:@][^/]*$/.test(full);
  return isComplete ? source('').test(image) : source(':*').test(image) || source('@*').test(image);
}

export function isLike(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let place = first.length;
  for (const [index, part] of rest.entries()) {
    const at = index === rest.length - 1 ? name.length - part.length : name.indexOf(part, place);
    if (at < place || !name.startsWith(part, at)) return false;
    place = at + part.length;
  }
  return true;
}
