import { describe, expect, test } from '@jest/globals';
import { readAnswer } from './answer.ts';

const PLAIN = 'Client sent an HTTP request to an HTTPS server.\n';
const json = (message: unknown): string => JSON.stringify({ message });

test('200 with OK is the answer of an engine, and nothing else is', () => {
  expect(readAnswer(200, { 'api-version': '1.51' }, 'OK')).toEqual({
    kind: 'accepted',
    detail: 'HTTP 200, API 1.51',
  });
  for (const body of ['', 'O', 'ok', 'OK\n', '<html>'])
    expect(readAnswer(200, {}, body)).toEqual({ kind: 'answered', detail: 'HTTP 200, without the body OK' });
  for (const status of [201, 204, 301, 404, 503])
    expect(readAnswer(status, {}, 'OK')).toEqual({ kind: 'answered', detail: `HTTP ${status}` });
});

test.each<[string, number, Record<string, string>, string, string]>([
  ['the sentence of Go', 400, {}, PLAIN, 'rejected'],
  [
    'the sentence of nginx',
    400,
    {},
    '<title>400 The plain HTTP request was sent to HTTPS port</title>',
    'answered',
  ],
  ['a 400 of an engine', 400, { 'api-version': '1.51' }, PLAIN, 'answered'],
  ['a 400 of an unclear version', 400, { 'api-version': '1.51, 1.52' }, PLAIN, 'answered'],
  ['the sentence with another status', 403, {}, PLAIN, 'answered'],
  ['a 400 without a body', 400, {}, '', 'answered'],
])('%s on plain HTTP: %i', (_, status, headers, body, kind) => {
  expect(readAnswer(status, headers, body).kind).toBe(kind);
});

describe('an authorization plugin', () => {
  test.each([
    [403, 'authorization denied by plugin opa: no', { name: 'opa', isDown: false }],
    [
      500,
      'plugin team/authz:1.2 failed with error: AuthZPlugin.AuthZReq: Post "http://plugin.moby.localhost": dial unix /run/docker/plugins/authz.sock: connect: no such file',
      { name: 'team/authz:1.2', isDown: true },
    ],
  ])('is named by what the engine answers with %i', (status, message, plugin) => {
    expect(readAnswer(status, {}, json(message))).toMatchObject({ kind: 'answered', plugin });
  });

  test('is not repeated in a form that a terminal obeys', () => {
    const { plugin } = readAnswer(403, {}, json('authorization denied by plugin a\u001b[31mb: no'));
    expect(plugin?.name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test.each([
    [500, json('authorization denied by plugin opa: no')],
    [403, json('plugin opa failed with error: x')],
    [403, json(7)],
    [403, '{'],
    [403, 'null'],
    [200, json('authorization denied by plugin opa: no')],
  ])('is not seen in %i %s', (status, body) => {
    expect(readAnswer(status, {}, body).plugin).toBeUndefined();
  });
});

test.each([
  ['what a terminal obeys', '\u009b31m1.51'],
  ['what is no version', '1.51 (secured)'],
  ['what fills the screen', '1'.repeat(8000)],
  ['two of them', '1.51, 1.52'],
])('a version is not repeated when it is %s', (_, version) => {
  expect(readAnswer(200, { 'api-version': version }, 'OK').detail).toBe('HTTP 200, API unclear');
});
