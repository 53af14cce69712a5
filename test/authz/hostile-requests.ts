import { expect } from '@jest/globals';
import { readCases } from '../../packages/policy/testing/conformance.ts';
import type { AuthzEngine } from './authz-engine.ts';
import type { Places } from './engine-state.ts';
import { stateOf } from './engine-state.ts';
import { sendRaw } from './raw-client.ts';
import type { RawRequest } from './raw-bytes.ts';
import { RAW_REQUESTS } from './raw-requests.ts';

/** One in so many is sent on every run; with DOCKER_MTLS_TEST_HOSTILE=all all are. */
const SAMPLED = 6;

/** The conformance cases that have to be denied and need nothing but the request, as bytes. */
export function conformanceRequests(): readonly RawRequest[] {
  return readCases().flatMap(({ about, variant, request, expected }) => {
    const { subject, method, uri, headers, body, found } = request;
    const isPlain =
      subject.kind === 'certificate' &&
      subject.organizationalUnits.length + subject.uris.length + found.length === 0 &&
      /^[a-z-]+$/.test(subject.commonName) &&
      /^[\x21-\x7e]+$/.test(uri);
    if (expected !== 'deny' || !isPlain) return [];
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const bytes = body === undefined ? '' : Buffer.from(body).toString('latin1');
    const head = `${method} ${uri} HTTP/1.1\r\nHost: e\r\nConnection: close\r\n${lines.join('')}`;
    const hasLength = headers['Content-Length'] !== undefined || bytes === '';
    const send = hasLength
      ? `${head}\r\n${bytes}`
      : `${head}Transfer-Encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`;
    return [{ about: `${about} (${variant})`, as: subject.commonName, send, isRead: true as const }];
  });
}

/** All of them, or a sample that differs from day to day. */
export function hostileRequests(): readonly RawRequest[] {
  const all = [...RAW_REQUESTS, ...conformanceRequests()];
  if (process.env['DOCKER_MTLS_TEST_HOSTILE'] === 'all') return all;
  const day = Math.floor(Date.now() / 86_400_000);
  return all.filter((_, index) => (index + day) % SAMPLED === 0);
}

/** Sends each, and says which had an effect. */
export async function effectsOf(
  host: AuthzEngine,
  requests: readonly RawRequest[],
  places: Places,
): Promise<readonly string[]> {
  const effects: string[] = [];
  let before = await stateOf(host);
  for (const { about, as, send, isRead = false } of requests) {
    const bytes = send.replaceAll(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
    const { status, text } = await sendRaw(host.as(as), Buffer.from(bytes, 'latin1'));
    const isServed = (status >= 200 && status < 300) || status === 101;
    if (isRead && isServed) effects.push(`${about}: answered ${text.slice(0, 300)}`);
    // What the plugin denied has done nothing.
    if (status === 403) continue;
    const after = await stateOf(host);
    if (after !== before) effects.push(`${about}: changed the engine (${status})`);
    before = after;
  }
  expect(requests.length).toBeGreaterThan(0);
  return effects;
}
