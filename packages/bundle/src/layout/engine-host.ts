import { isIpv6, parseSubjectAltName } from '@docker-mtls/ca/names';
import { isMtlsError, quote } from '@docker-mtls/errors';
import { BundleError } from '../error.ts';

/** An engine as its clients reach it. */
export type EngineHost = {
  /** A host name, or an address without brackets, in its one canonical spelling. */
  readonly name: string;
  readonly port: number;
  /** `tcp://name:port`: what DOCKER_HOST takes. */
  readonly url: string;
};

/** The port that IANA keeps for Docker over TLS. */
export const DEFAULT_PORT = 2376;
const PARTS = /^(?:tcp:\/\/)?(\[[^\]]+\]|[^:/[\]]+)(?::(\d{1,5}))?\/?$/i;

/**
 * `node1.example.com`, `node1:2377`, `10.0.0.5`, `::1`, `[::1]:2376`, each also behind `tcp://`. Code:
 * `BUNDLE_HOST_INVALID`.
 */
export function parseEngineHost(text: string): EngineHost {
  if (isIpv6(text)) return engineHost(text, text, DEFAULT_PORT);
  const [, host, port] = PARTS.exec(text) ?? [];
  if (host === undefined) throw refused(text);
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  if (name !== host && !isIpv6(name)) throw refused(text);
  return engineHost(text, name, port === undefined ? DEFAULT_PORT : Number(port));
}

function engineHost(text: string, host: string, port: number): EngineHost {
  if (port < 1 || port > 65_535) throw refused(text);
  const { kind, value: name } = canonical(text, host);
  const shown = kind === 'ip' && isIpv6(name) ? `[${name}]` : name;
  return { name, port, url: `tcp://${shown}:${port}` };
}

function canonical(text: string, host: string): ReturnType<typeof parseSubjectAltName> {
  try {
    return parseSubjectAltName(host);
  } catch (error) {
    if (isMtlsError(error)) throw refused(text, error);
    throw error;
  }
}

function refused(text: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_HOST_INVALID', `${quote(text)} is not an engine's address`, {
    hint: 'write node1.example.com, 10.0.0.5 or [2001:db8::5], with :PORT behind it unless it is 2376',
    cause,
  });
}
