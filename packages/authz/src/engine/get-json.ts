import http from 'node:http';
import { readBody } from '@docker-mtls/engine/read-body';
import { OWN_HEADER } from './own-calls.ts';
import type { OwnCalls } from './own-calls.ts';
import { fairShares } from './shares.ts';

/** What the engine answered to a GET: an object, that it has none of this name, or nothing that can be relied on. */
export type LookupAnswer =
  | { readonly kind: 'found'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' };

export type Asking = { readonly client: string; readonly signal: AbortSignal };

export type Engine = {
  /** On behalf of a client: one with many questions waits for its own answers. */
  readonly get: (path: string, asking: Asking) => Promise<LookupAnswer>;
  readonly close: () => void;
};

const UNKNOWN: LookupAnswer = { kind: 'unknown' };
const LARGEST_ANSWER = 1024 * 1024;
/** More lookups wait: of one client, and of all for a free connection. */
const MOST_OF_ONE = 8;
const MOST_AT_ONCE = 64;

/** The engine behind this plugin, asked over its local socket. */
export function engineAt(socketPath: string, calls: OwnCalls): Engine {
  const agent = new http.Agent({ keepAlive: true, maxSockets: MOST_AT_ONCE });
  const shares = fairShares(MOST_OF_ONE);
  const ask = async (path: string, signal: AbortSignal): Promise<LookupAnswer> => {
    if (signal.aborted) return UNKNOWN;
    const secret = calls.announce(path);
    try {
      return await get({ socketPath, path, agent, signal, headers: { [OWN_HEADER]: secret } });
    } finally {
      calls.withdraw(secret);
    }
  };
  return {
    get: (path, { client, signal }) => shares.take(client, () => ask(path, signal)),
    close: () => agent.destroy(),
  };
}

function get(options: http.RequestOptions): Promise<LookupAnswer> {
  return new Promise((resolve) => {
    const request = http.get(options, (response) => {
      void readBody(response, LARGEST_ANSWER).then((body) =>
        resolve(body === undefined ? UNKNOWN : judge(response, body)),
      );
    });
    request.on('error', () => resolve(UNKNOWN));
  });
}

/** A 404 counts as "there is none" only in the engine's own words. */
function judge({ statusCode }: http.IncomingMessage, body: Buffer): LookupAnswer {
  const value = parse(body);
  if (value === undefined) return UNKNOWN;
  if (statusCode === 200) return { kind: 'found', value };
  return statusCode === 404 && typeof value['message'] === 'string' ? { kind: 'missing' } : UNKNOWN;
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
