import type { PolicyRequest } from '@docker-mtls/policy';
import { ROUTES } from '../../packages/policy/src/operations/table.ts';
import { BODY_OF, REPEATED_IN } from './members.ts';
import type { Seen } from './naive-dangers.ts';
import { look } from './naive-dangers.ts';

export type Asked = {
  operation: string;
  group: string;
  name: string;
  path: string;
  query: string;
  request: PolicyRequest;
};

/** The operation of a request line, and what is in its path. */
export function findRoute(
  method: string,
  uri: string,
): { operation: string; group: string; name: string; path: string; query: string } | undefined {
  if (!/^[!-~]+$/.test(uri)) return undefined;
  const [before = '', ...after] = uri.split('?');
  if (before.includes('#')) return undefined;
  const relative = before.startsWith('/') ? before : /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)$/i.exec(before)?.[1];
  let path: string;
  try {
    path = decodeURIComponent(relative ?? '%');
  } catch {
    return undefined;
  }
  if (!/^[ -~]*$/.test(path) || path.includes('//') || /(^|\/)\.\.?(\/|$)/.test(path)) return undefined;
  for (const candidate of [path.replace(/^\/v[0-9.]+\//, '/'), path]) {
    for (const { operation, verb, group, pattern } of PATTERNS) {
      const match = verb === method ? pattern.exec(candidate) : null;
      if (match !== null)
        return { operation, group, name: match[1] ?? '', path: candidate, query: after.join('?') };
    }
  }
  return undefined;
}

const PATTERNS = ROUTES.map(([operation, verb, template, group]) => {
  const isOneSegment =
    /^\/(services|nodes|tasks|secrets|configs)\//.test(template) || operation === 'CheckpointDelete';
  const any = isOneSegment ? '([^/]+)' : operation === 'NetworkInspect' ? '(.+)' : '(.*)';
  return { operation, verb, group, pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, any)}$`) };
});

function readQuery(query: string): Map<string, string> | undefined {
  const values = new Map<string, string>();
  try {
    for (const part of query.split('&').filter((each) => each !== '')) {
      if (part.includes(';')) return undefined;
      const [key = '', ...value] = part
        .split('=')
        .map((each) => decodeURIComponent(each.replaceAll('+', '%20')));
      if (!values.has(key))
        values.set(
          key,
          part.includes('=')
            ? decodeURIComponent(part.slice(part.indexOf('=') + 1).replaceAll('+', '%20'))
            : value.join('='),
        );
    }
    return values;
  } catch {
    return undefined;
  }
}

/** What a request asks for. */
export function lookAt({ operation, group, query: queryText, request }: Asked): {
  seen: Seen;
  body: unknown;
  query: ReadonlyMap<string, string>;
} {
  const seen: Seen = { dangers: [], volumes: [], networks: [], uses: [] };
  const say = (guard: string): void => {
    seen.dangers.push({ guard, member: '' });
  };
  const query = readQuery(queryText);
  if (query === undefined) say('query');
  const parameter = (name: string): string => query?.get(name) ?? '';
  if (group === 'swarm') say('swarm');
  if (group === 'plugins') say('plugin');
  if (['ImageBuild', 'BuildCancel', 'Session', 'Grpc'].includes(operation)) say('build');
  if (operation.startsWith('Checkpoint')) say('checkpoint');
  if (operation === 'PutContainerArchive' && !request.engine.unpacksSafely) say('archive');
  if (operation === 'ContainerStart' && parameter('checkpoint') + parameter('checkpoint-dir') !== '')
    say('checkpoint');
  if (operation === 'ImageCreate' && !['', '-'].includes(parameter('fromSrc'))) say('image-import');
  if (
    operation === 'ContainerTop' &&
    !['', '-ef', 'aux', '-aux', 'ax', '-e', '-A'].includes(parameter('ps_args'))
  )
    say('process-list');
  if (operation === 'ServiceUpdate' && parameter('rollback') !== '') say('rollback');
  return { seen, body: lookAtBody(operation, request, { seen, say }), query: query ?? new Map() };
}

const READS_STREAM = [
  'PutContainerArchive',
  'ImageLoad',
  'ImageBuild',
  'PluginCreate',
  'ContainerAttach',
  'Session',
  'Grpc',
  'SystemAuth',
];

function lookAtBody(
  operation: string,
  request: PolicyRequest,
  { seen, say }: { seen: Seen; say: (guard: string) => void },
): unknown {
  const type = (request.headers['Content-Type'] ?? '').toLowerCase().trim();
  if (type.startsWith('application/x-www-form-urlencoded') || type.startsWith('multipart/')) say('upload');
  const isWithoutBody =
    operation === 'ImageCreate'
      ? new URLSearchParams(request.uri.split('?', 2)[1]).get('fromSrc') !== '-'
      : !READS_STREAM.includes(operation) &&
        (BODY_OF[operation] === undefined || operation === 'ImageCommit');
  const isWriting = request.method === 'POST' || request.method === 'PUT';
  if (isWriting && isWithoutBody && (request.body ?? []).length === 0) {
    if ((request.headers['Content-Length'] ?? '').trim() !== '0') say('upload');
  }
  if ([...READS_STREAM, 'ImageCreate', 'ContainerAttachWebsocket'].includes(operation)) return undefined;
  const kind = BODY_OF[operation];
  const bytes = request.body ?? new Uint8Array();
  const length = request.headers['Content-Length'];
  if (length !== undefined && length.trim() !== String(bytes.length)) {
    say(kind === undefined ? 'upload' : 'body');
    return undefined;
  }
  const mayLack = kind === undefined || operation === 'ImageCommit';
  if (bytes.length === 0) {
    if (!mayLack) say('body');
    return undefined;
  }
  if (bytes.length > 1024 * 1024) {
    say('body');
    return undefined;
  }
  if (kind !== undefined && type.split(';')[0]?.trim() !== 'application/json') say('body');
  let value: unknown;
  try {
    const source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(source);
    // Names that occur twice are lost in the value: there are more of them in the text.
    const written = source.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g)?.length ?? 0;
    if (written !== countNames(value)) throw new Error('a name twice');
  } catch {
    say('body');
    return undefined;
  }
  if (value === null) {
    if (!mayLack) say('body');
    return value;
  }
  look(value as never, kind ?? REPEATED_IN[operation] ?? 'Nothing', { body: '', member: '' }, seen);
  return value;
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, each) => sum + countNames(each), own);
}
