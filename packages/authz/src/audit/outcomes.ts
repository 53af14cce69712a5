import type { OutcomeRecord } from '@docker-mtls/audit/log';
import type { EngineCall } from '../protocol/call.ts';

/** What a session is attached to: it ends when its client or its program does. */
const SESSIONS: ReadonlySet<string | undefined> = new Set([
  'ContainerAttach',
  'ContainerAttachWebsocket',
  'ContainerLogs',
  'ContainerStats',
  'ContainerWait',
  'ExecStart',
  'Grpc',
  'ImageBuild',
  'ServiceLogs',
  'Session',
  'SystemEvents',
  'TaskLogs',
]);

/** Requests that were allowed and are not known to have ended. */
const MOST = 10_000;

type Pending = { readonly id: string; readonly operation: string | undefined; readonly since: number };

/**
 * Finds the decision that an answer belongs to. The engine gives requests no number, and repeats what it said of them: of equal
 * ones, the first is taken to end first. An engine that was killed never says how its requests ended.
 */
export type Outcomes = {
  readonly allowed: (call: EngineCall, decision: Omit<Pending, 'since'>) => void;
  readonly ended: (call: EngineCall, time: string) => OutcomeRecord | undefined;
};

export function outcomes(): Outcomes {
  const pending = new Map<string, readonly Pending[]>();
  let count = 0;
  const forget = (): void => {
    const [key, [, ...rest] = []] = pending.entries().next().value ?? [];
    if (key === undefined) return;
    count -= 1;
    if (rest.length === 0) pending.delete(key);
    else pending.set(key, rest);
  };
  return {
    allowed: (call, decision) => {
      const key = keyOf(call);
      pending.set(key, [...(pending.get(key) ?? []), { ...decision, since: performance.now() }]);
      count += 1;
      if (count > MOST) forget();
    },
    ended: (call, time) => {
      const key = keyOf(call);
      const [first, ...rest] = pending.get(key) ?? [];
      if (first === undefined) return undefined;
      count -= 1;
      if (rest.length === 0) pending.delete(key);
      else pending.set(key, rest);
      const { id, operation, since } = first;
      const isSession = SESSIONS.has(operation);
      return {
        type: 'outcome',
        id,
        time,
        status: call.status,
        ...(isSession && { duration: Math.round(performance.now() - since) }),
      };
    },
  };
}

/** A certificate ends with its signature, which tells it from others. */
const SIGNATURE = 160;

function keyOf({ method, uri, certificates: [certificate = ''] }: EngineCall): string {
  return `${method} ${uri} ${certificate.slice(-SIGNATURE)}`;
}
