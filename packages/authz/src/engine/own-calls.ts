import { randomBytes } from 'node:crypto';
import type { EngineCall } from '../protocol/call.ts';

/** A header that the engine hands on to its plugins, as net/textproto writes it. */
export const OWN_HEADER = 'X-Docker-Mtls-Lookup';

/**
 * Requests that this process sends to the engine, which asks about them like about any other. Each is known by a secret of its own
 * that is good for one request, and travels over the engine's local socket alone.
 */
export type OwnCalls = {
  /** The secret for one GET of this path. */
  readonly announce: (path: string) => string;
  /** Is this call the announced one? It is no longer announced then. */
  readonly recognize: (call: EngineCall) => boolean;
  readonly withdraw: (secret: string) => void;
  /**
   * A secret for a request that this plugin denies for every client: a denial that quotes it shows that the engine asks this plugin,
   * and does what it says.
   */
  readonly announceProbe: () => string;
  /** The secret, if the call is a probe. */
  readonly probeIn: (call: EngineCall) => string | undefined;
};

export const PROBE_HEADER = 'X-Docker-Mtls-Probe';
/** Only root can announce them. */
const MOST_PROBES = 100;

export function ownCalls(): OwnCalls {
  const announced = new Map<string, string>();
  const probes: string[] = [];
  return {
    announce: (path) => {
      const secret = randomBytes(32).toString('hex');
      announced.set(secret, path);
      return secret;
    },
    recognize: ({ isTls, certificates, method, uri, headers }) => {
      const secret = headers[OWN_HEADER];
      if (secret === undefined || isTls || certificates.length > 0 || method !== 'GET') return false;
      return announced.get(secret) === uri && announced.delete(secret);
    },
    withdraw: (secret) => void announced.delete(secret),
    announceProbe: () => {
      const secret = randomBytes(32).toString('hex');
      probes.unshift(secret);
      probes.splice(MOST_PROBES);
      return secret;
    },
    probeIn: ({ headers }) => probes.find((secret) => secret === headers[PROBE_HEADER]),
  };
}
