import type { IncomingHttpHeaders } from 'node:http';
import { escapeUnprintable } from '@docker-mtls/errors';
import type { ProbeOutcome, PluginAnswer } from './outcome.ts';

/** moby api/server/router/system pingHandler: the whole body of an engine that serves. */
const OK = 'OK';

/** net/http server.go: what Go answers to plain HTTP on a TLS port, and nothing else does. */
const PLAIN_HTTP = 'Client sent an HTTP request to an HTTPS server.';

export function isPing(status: number): boolean {
  return status === 200;
}

/** What an HTTP answer to `GET /_ping` means. */
export function readAnswer(status: number, headers: IncomingHttpHeaders, body: string): ProbeOutcome {
  const detail = statusText(status, headers['api-version']);
  if (isPing(status)) {
    return body === OK
      ? { kind: 'accepted', detail }
      : { kind: 'answered', detail: `${detail}, without the body OK` };
  }
  if (status === 400 && headers['api-version'] === undefined && body.trimEnd() === PLAIN_HTTP)
    return { kind: 'rejected', detail: `HTTP 400: ${PLAIN_HTTP}` };
  const plugin = pluginIn(status, body);
  return { kind: 'answered', detail, ...(plugin && { plugin }) };
}

/** moby pkg/authorization/authz.go: the messages of an engine for a plugin that denies, and for one that fails. */
function pluginIn(status: number, body: string): PluginAnswer | undefined {
  const message = messageIn(body);
  const [, denying] =
    status === 403 ? (/^authorization denied by plugin ([^:\s]+):/.exec(message) ?? []) : [];
  if (denying !== undefined) return { name: shown(denying), isDown: false };
  const [, failing] = status === 500 ? (/^plugin ([^\s]+) failed with error: /.exec(message) ?? []) : [];
  return failing === undefined ? undefined : { name: shown(failing), isDown: true };
}

function messageIn(body: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    const message =
      typeof parsed === 'object' && parsed !== null && 'message' in parsed ? parsed.message : '';
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}

const LONGEST_NAME = 80;

function shown(name: string): string {
  return escapeUnprintable(name.slice(0, LONGEST_NAME));
}

/** The text goes to a terminal: a version is repeated only if it is one. */
function statusText(status: number, version: string | string[] | undefined): string {
  if (version === undefined) return `HTTP ${status}`;
  const isVersion = typeof version === 'string' && /^\d{1,3}\.\d{1,3}$/.test(version);
  return `HTTP ${status}, API ${isVersion ? version : 'unclear'}`;
}
