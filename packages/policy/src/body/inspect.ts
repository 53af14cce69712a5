import type { EngineFacts, Lookup } from '../decide/request.ts';
import type { Operation } from '../operations/operation.ts';
import type { Query } from '../route/query.ts';
import { parseQuery } from '../route/query.ts';
import type { Route } from '../route/route.ts';
import type { Breach, Findings } from './check.ts';
import { isFull, noFindings } from './check.ts';
import { bodyRule, noMembers, REFUSED_WHOLE } from './operation-bodies.ts';
import { parseBody } from './parse-json.ts';
import type { BodyValue } from './parse-json.ts';
import { checkQuery } from './query-checks.ts';

/** What a request asks for, seen without any policy. */
export type Inspection = {
  readonly operation: Operation;
  readonly query: Query;
  readonly body: BodyValue | undefined;
  readonly breaches: readonly Breach[];
  /** Named volumes and networks of swarm, of which the engine has to be asked. */
  readonly volumes: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  /** Secrets, configs, networks and linked containers that it uses. */
  readonly uses: readonly Lookup[];
};

export type Inspectable = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly engine: EngineFacts;
};

/** A guard's work is not worth more than this; nothing that people deploy comes close. */
const LARGEST_GUARDED = 1024 * 1024;

const NO_BYTES = new Uint8Array();

/** Of net/http, Request.ParseForm. */
const FORM_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export function inspect(
  { operation, query: text }: Pick<Route, 'operation' | 'query'>,
  request: Inspectable,
): Inspection {
  const findings = noFindings();
  const query = parseQuery(text);
  if (query === undefined) findings.breaches.push({ guard: 'query', where: '', problem: 'does not parse' });
  findings.breaches.push(
    ...checkWhole(operation, request.engine),
    ...checkQuery(operation, query ?? new Map()),
  );
  const body = inspectBody(operation, request, findings);
  if (mayHideForm(operation, request, query)) {
    const problem = 'a request without a body has to say so (Content-Length: 0)';
    findings.breaches.push({ guard: 'upload', where: '', problem });
  }
  const { breaches, volumes, networks, uses } = findings;
  return { operation, query: query ?? new Map(), body, breaches, volumes, networks, uses };
}

function checkWhole(operation: Operation, engine: EngineFacts): readonly Breach[] {
  const guard = REFUSED_WHOLE.get(operation);
  if (guard !== undefined) return [{ guard, where: '', problem: 'cannot be checked' }];
  if (operation !== 'PutContainerArchive' || engine.unpacksSafely) return [];
  return [{ guard: 'archive', where: '', problem: 'runs programs of the container as root of the host' }];
}

function inspectBody(operation: Operation, request: Inspectable, findings: Findings): BodyValue | undefined {
  const rule = bodyRule(operation);
  const fail = (guard: 'body' | 'upload', problem: string): undefined => {
    findings.breaches.push({ guard, where: '', problem });
    return undefined;
  };
  const { body = NO_BYTES } = request;
  const type = request.headers['Content-Type'] ?? '';
  if (isForm(type)) fail('upload', 'the body is a form, which changes the query unseen');
  if (rule.kind === 'hidden') return undefined;
  const isOptional = rule.kind === 'nothing' || rule.mayBeMissing === true;
  if (isCut(request, body.length))
    return fail(rule.kind === 'json' ? 'body' : 'upload', 'the body is not all there');
  if (body.length === 0) {
    return isOptional ? undefined : fail('body', 'the body is missing');
  }
  if (body.length > LARGEST_GUARDED) return fail('body', `the body has more than ${LARGEST_GUARDED} bytes`);
  if (rule.kind === 'json' && !isJson(type)) fail('body', 'the content type is not application/json');
  const value = parseBody(body);
  if (value === undefined) return fail('body', 'the body is not JSON that everyone reads alike');
  if (value === null && !isOptional) return fail('body', 'the body is null');
  (rule.kind === 'json' ? rule.check : noMembers(operation))(value, '', findings);
  if (isFull(findings)) fail('body', 'the body asks for more than guards look at');
  return value;
}

/** dockerd shows the body of JSON alone, and a retry after a broken connection comes with none. */
function isCut({ headers }: Inspectable, length: number): boolean {
  const declared = headers['Content-Length'];
  return declared !== undefined && declared.trim() !== String(length);
}

/**
 * For these methods the engine reads parameters from a form in the body before those of the query. Sent in chunks, and with a second
 * content type, it is shown like no body at all; but what says that it has no length has none.
 */
function mayHideForm(
  operation: Operation,
  { method, headers, body = NO_BYTES }: Inspectable,
  query: Query | undefined,
): boolean {
  const rule = bodyRule(operation);
  const isImport = operation === 'ImageCreate' && query?.get('fromSrc') === '-';
  const isRead = rule.kind === 'hidden' && operation !== 'ImageCreate';
  if (!FORM_METHODS.has(method) || isRead || isImport || body.length > 0) return false;
  const isJsonAlone = rule.kind === 'json' && rule.mayBeMissing !== true;
  return !isJsonAlone && headers['Content-Length']?.trim() !== '0';
}

function isJson(type: string): boolean {
  return /^application\/json[ \t]*(?:;|$)/i.test(type.trim());
}

function isForm(type: string): boolean {
  return /^(?:application\/x-www-form-urlencoded|multipart\/)/i.test(type.trim());
}
