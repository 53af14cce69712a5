import type { Operation } from '../operations/operation.ts';
import { ROUTES } from '../operations/table.ts';
import { parseRequestTarget } from './request-target.ts';

/** What the engine will do with a request: the operation, and the values in its path. */
export type Route = {
  readonly operation: Operation;
  readonly path: string;
  readonly query: string;
  /** The container, image, … that the path names, as it is written there. */
  readonly name?: string;
};

type Pattern = { readonly operation: Operation; readonly matcher: RegExp };

const VERSION = /^\/v[0-9.]+(?=\/)/;
/** `{name:.*}` in the engine's routers: such a name may contain slashes. All others are one segment. */
const DEEP = /^\/(?:containers|exec|images|plugins|networks|volumes|distribution|debug|\{path\})/;

const exact = new Map<string, Operation>();
const patterns = new Map<string, Pattern[]>();
for (const [operation, method, template] of ROUTES) {
  if (template.includes('{')) addPattern(operation, method, template);
  else exact.set(`${method} ${template}`, operation);
}

function addPattern(operation: Operation, method: string, template: string): void {
  const name = template === '/networks/{id}' && method === 'GET' ? '(.+)' : '(.*)';
  const one = operation === 'CheckpointDelete' || !DEEP.test(template) ? '([^/]+)' : name;
  const matcher = new RegExp(`^${template.replaceAll(/\{\w+\}/g, one)}$`);
  const key = keyOf(method, template);
  patterns.set(key, [...(patterns.get(key) ?? []), { operation, matcher }]);
}

/** Patterns are looked up by method and first segment; OPTIONS has one for all. */
function keyOf(method: string, path: string): string {
  return method === 'OPTIONS' ? method : `${method} ${path.split('/', 2)[1] ?? ''}`;
}

/**
 * Which operation the engine serves for this request line, or undefined. Each route is served with a version before it and
 * without; whether the engine speaks that version it asks after the plugin. HEAD is served for two paths only.
 */
export function route(method: string, requestUri: string): Route | undefined {
  const target = parseRequestTarget(requestUri);
  if (target === undefined) return undefined;
  const path = target.path.replace(VERSION, '');
  return match(method, path, target.query) ?? match(method, target.path, target.query);
}

function match(method: string, path: string, query: string): Route | undefined {
  const operation = exact.get(`${method} ${path}`);
  if (operation !== undefined) return { operation, path, query };
  for (const pattern of patterns.get(keyOf(method, path)) ?? []) {
    const found = pattern.matcher.exec(path);
    if (found !== null) return { operation: pattern.operation, path, query, name: found[1] ?? '' };
  }
  return undefined;
}
