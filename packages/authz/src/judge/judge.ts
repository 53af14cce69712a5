import { decide, denialText, risksOf, route } from '@docker-mtls/policy';
import type { Decision, Found, Policy, PolicyRequest } from '@docker-mtls/policy';
import type { Asking, Engine } from '../engine/get-json.ts';
import { findObjects } from '../engine/find-objects.ts';
import { unpacksSafely } from '../engine/unpacks-safely.ts';
import { decodeBase64, decodedLength } from '../protocol/base64.ts';
import type { EngineCall } from '../protocol/call.ts';
import type { Settings } from '../settings/settings.ts';
import { identify } from './identify.ts';
import type { Identity } from './identify.ts';
import { refusal } from './judgement.ts';
import type { Judgement } from './judgement.ts';

/** What is known at the moment of a request. `now` is in milliseconds since 1970. */
export type Moment = { readonly settings: Settings; readonly now: number };

/** The engine reads up to 4 MiB for a plugin; nothing that people deploy comes close to this. */
const LARGEST_BODY = 3 * 1024 * 1024;

/** Lookups of objects may ask for more of them: an exec session for its container. */
const MOST_ROUNDS = 3;

/** The engine waits for its plugins without limit, and this plugin answers within a second. */
const LOOKUPS_WITHIN_MS = 700;

/** Rules that need no body. */
const BEFORE_BODY: ReadonlySet<string> = new Set(['route', 'ping', 'bindings', 'roles']);

/** Decides on one request. */
export async function judge(call: EngineCall, engine: Engine, { settings, now }: Moment): Promise<Judgement> {
  const found = route(call.method, call.uri);
  const what = { operation: found?.operation, object: found?.name };
  const identity = identify(call, settings, now);
  if (identity.kind === 'refused') return refusal({ ...identity, ...what });
  const base: PolicyRequest = {
    subject: identity.subject,
    method: call.method,
    uri: call.uri,
    headers: call.headers,
    body: undefined,
    now,
    engine: { unpacksSafely: false },
    found: [],
  };
  const early = decide(settings.policy, base);
  if (BEFORE_BODY.has(early.rule)) return judgementOf(early, { identity, request: base, ...what });
  const body = readBody(call.body);
  if (body === undefined) {
    const name = identity.subject.kind === 'local' ? 'a local client' : identity.subject.commonName;
    const reason = `the body has more than ${LARGEST_BODY} bytes, or the engine did not hand it on whole`;
    return refusal({ who: identity.who, name, rule: 'size', reason, ...what });
  }
  const request = body.length === 0 ? base : { ...base, body };
  const isSettled =
    request === base && early.needs.length === 0 && found?.operation !== 'PutContainerArchive';
  const decision = isSettled
    ? early
    : await decideWithEngine(settings.policy, request, {
        engine,
        client: clientOf(identity),
        operation: found?.operation,
      });
  return judgementOf(decision, { identity, request, ...what });
}

/** Decoded only where it is not too large. */
function readBody(text: string): Buffer | undefined {
  return decodedLength(text) > LARGEST_BODY ? undefined : decodeBase64(text);
}

/** Whose questions wait for each other. */
function clientOf({ subject }: Extract<Identity, { kind: 'known' }>): string {
  return subject.kind === 'local' ? 'local' : subject.fingerprint;
}

type Context = {
  readonly engine: Engine;
  readonly client: string;
  readonly operation: string | undefined;
};

async function decideWithEngine(
  policy: Policy,
  request: PolicyRequest,
  { engine, client, operation }: Context,
): Promise<Decision> {
  const asking: Asking = { client, signal: AbortSignal.timeout(LOOKUPS_WITHIN_MS) };
  const facts = await engineFacts(operation, engine, asking);
  let found: readonly Found[] = [];
  let decision = decide(policy, { ...request, engine: facts });
  for (let round = 0; decision.needs.length > 0 && round < MOST_ROUNDS; round += 1) {
    const more = await findObjects(engine, decision.needs, asking);
    if (more.length === 0) break;
    found = [...found, ...more];
    decision = decide(policy, { ...request, engine: facts, found });
  }
  return decision;
}

/** Asked each time: the engine may have been exchanged for an older one. */
async function engineFacts(
  operation: string | undefined,
  engine: Engine,
  asking: Asking,
): Promise<PolicyRequest['engine']> {
  if (operation !== 'PutContainerArchive') return { unpacksSafely: false };
  const answer = await engine.get('/version', asking);
  return { unpacksSafely: answer.kind === 'found' && unpacksSafely(answer.value) };
}

type Judged = {
  readonly identity: Extract<Identity, { kind: 'known' }>;
  readonly request: PolicyRequest;
  readonly operation: string | undefined;
  readonly object: string | undefined;
};

function judgementOf(decision: Decision, { identity, request, operation, object }: Judged): Judgement {
  return {
    allow: decision.allow,
    observed: decision.allow && decision.denied,
    who: identity.who,
    operation,
    object,
    role: decision.role,
    rule: decision.rule,
    guard: decision.guard,
    reason: decision.reason,
    risks: BEFORE_BODY.has(decision.rule) ? [] : [...new Set(risksOf(request).map(({ guard }) => guard))],
    body: request.body,
    text: (auditId) => denialText(decision, { subject: identity.subject, auditId }),
  };
}
