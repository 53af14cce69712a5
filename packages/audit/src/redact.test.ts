import { expect, test } from '@jest/globals';
import { REDACTED, redactBody, redactHeaders, redactUri } from './log.ts';

const SECRET = 'hunter2';

test.each([
  'Authorization',
  'Cookie',
  'Proxy-Authorization',
  'X-Registry-Auth',
  'X-Registry-Config',
  'cookie',
  'PROXY-AUTHORIZATION',
])('the header %s keeps its name alone', (name) => {
  expect(redactHeaders({ [name]: SECRET, Accept: 'json' })).toEqual({ [name]: REDACTED, Accept: 'json' });
});

test.each([
  ['/build?remote=https://u:hunter2@host/x&t=a', `/build?remote=${REDACTED}&t=a`],
  ['/build?build%61rgs=%7B%22A%22%3A%22hunter2%22%7D', `/build?build%61rgs=${REDACTED}`],
  ['/images/create?FROMSRC=http://hunter2', `/images/create?FROMSRC=${REDACTED}`],
  ['/commit?changes=ENV+A=hunter2&tag=1', `/commit?changes=${REDACTED}&tag=1`],
  ['http://u:hunter2@host/info', `http://${REDACTED}@host/info`],
  ['/containers/json?all=1', '/containers/json?all=1'],
])('the request line %s is recorded as %s', (uri, expected) => {
  expect(redactUri(uri)).toBe(expected);
});

test.each([
  [{ Env: ['A=hunter2', 'B'] }, { Env: [`A=${REDACTED}`, 'B'] }],
  [{ env: ['A=hunter2'] }, { env: [`A=${REDACTED}`] }],
  [
    { TaskTemplate: { ContainerSpec: { Env: ['A=hunter2=3'] } } },
    { TaskTemplate: { ContainerSpec: { Env: [`A=${REDACTED}`] } } },
  ],
  [
    { Name: 'x', Data: 'aHVudGVyMg==' },
    { Name: 'x', Data: REDACTED },
  ],
  [{ 'pa\u017f\u017fword': SECRET }, { 'pa\u017f\u017fword': REDACTED }],
  [
    { JoinToken: SECRET, RemoteAddrs: ['a'] },
    { JoinToken: REDACTED, RemoteAddrs: ['a'] },
  ],
  [{ UnlockKey: SECRET }, { UnlockKey: REDACTED }],
  [{ Spec: { CAConfig: { SigningCAKey: SECRET } } }, { Spec: { CAConfig: { SigningCAKey: REDACTED } } }],
  [{ DriverOpts: { o: 'password=hunter2' } }, { DriverOpts: { o: REDACTED } }],
  [
    { HostConfig: { LogConfig: { Type: 'splunk', Config: { 'splunk-token': SECRET } } } },
    { HostConfig: { LogConfig: { Type: 'splunk', Config: { 'splunk-token': REDACTED } } } },
  ],
  [{ Env: 'A=hunter2' }, { Env: REDACTED }],
  [{ Env: [{ A: SECRET }] }, { Env: [REDACTED] }],
])('the body %j is recorded without secrets', (body, expected) => {
  expect(redactBody(body)).toEqual(expected);
  expect(JSON.stringify(redactBody(body))).not.toContain(SECRET);
});

test('headers are recorded as far as there is room for them', () => {
  const headers = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`A${at}`, 'x'.repeat(1024)]));
  const shown = redactHeaders({ ...headers, ['B'.repeat(1_000_000)]: 'x' });
  expect(JSON.stringify(shown).length).toBeLessThan(70_000);
  expect(shown).toMatchObject({ A0: headers['A0'], '…': '938 more' });
});

test('the settings of a plugin keep their names', () => {
  expect(redactBody(['TOKEN=hunter2'], { settings: true })).toEqual([`TOKEN=${REDACTED}`]);
});

test('long text is cut, and what is nested too deeply is replaced', () => {
  expect(JSON.stringify(redactBody({ a: 'x'.repeat(5000) })).length).toBeLessThan(1100);
  const deep = JSON.parse('{"a":'.repeat(1000) + '1' + '}'.repeat(1000)) as unknown;
  expect(JSON.stringify(redactBody(deep))).toContain(REDACTED);
});
