import { redactBody, redactHeaders, redactUri } from '@docker-mtls/audit/log';
import type { DecisionRecord, What } from '@docker-mtls/audit/log';
import type { Audit, AuditLevel, Operation } from '@docker-mtls/policy';
import type { Judgement } from '../judge/judgement.ts';
import type { EngineCall } from '../protocol/call.ts';

/** A body that takes more room than this is not recorded. */
const LARGEST_RECORDED = 64 * 1024;

/** The first rule that names the operation decides. A denial is always recorded: its text refers to the record. */
export function levelOf({ rules, level }: Audit, { operation, allow }: Judgement): AuditLevel {
  const rule = rules.find(({ operations }) => operations.has(operation as Operation));
  const wanted = rule?.level ?? level;
  return wanted === 'none' && !allow ? 'metadata' : wanted;
}

export function decisionRecord(
  { id, time, level }: { readonly id: string; readonly time: string; readonly level: AuditLevel },
  call: EngineCall,
  judgement: Judgement,
): DecisionRecord {
  const { who, allow, observed, role, rule, guard, reason } = judgement;
  return {
    type: 'decision',
    id,
    time,
    who,
    what: { ...whatOf(call, judgement), ...(level === 'request' && contentOf(call, judgement)) },
    verdict: allow ? 'allow' : 'deny',
    ...(observed && { observed }),
    role,
    rule,
    guard,
    reason,
  };
}

function whatOf({ method, uri }: EngineCall, { operation, object, risks }: Judgement): What {
  const what = { operation, method: method.slice(0, 32), uri: redactUri(uri), risks };
  return object === undefined ? what : { ...what, object: object.slice(0, 256) };
}

function contentOf({ headers }: EngineCall, { operation, body }: Judgement): Pick<What, 'headers' | 'body'> {
  const shown = redactHeaders(headers);
  if (body === undefined) return { headers: shown };
  return { headers: shown, body: bodyText(body, operation === 'PluginSet') };
}

function bodyText(body: Uint8Array, settings: boolean): unknown {
  if (body.length > LARGEST_RECORDED) return `${body.length} bytes`;
  try {
    return redactBody(JSON.parse(Buffer.from(body).toString('utf8')), { settings });
  } catch {
    return `${body.length} bytes that are not JSON`;
  }
}
