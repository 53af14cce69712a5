import { expect, test } from '@jest/globals';
import { planAuthorizationPlugin } from './authorization-plugins.ts';
import { parseDaemonConfig } from './document.ts';

const NAME = 'docker-mtls';

function after(text: string | undefined, wanted: boolean): string {
  const bytes = text === undefined ? undefined : Buffer.from(text);
  return planAuthorizationPlugin(parseDaemonConfig(bytes), NAME, wanted).after;
}

test.each([
  [undefined, '{\n  "authorization-plugins": ["docker-mtls"]\n}\n'],
  ['{}', '{\n  "authorization-plugins": ["docker-mtls"]\n}'],
  ['{"debug": true}', '{"debug": true, "authorization-plugins": ["docker-mtls"]}'],
  ['{"authorization-plugins": []}', '{"authorization-plugins": ["docker-mtls"]}'],
  ['{"authorization-plugins": null}', '{"authorization-plugins": ["docker-mtls"]}'],
  ['{"authorization-plugins": ["opa"]}', '{"authorization-plugins": ["opa", "docker-mtls"]}'],
  ['{"authorization-plugins": ["docker-mtls"]}', '{"authorization-plugins": ["docker-mtls"]}'],
])('the plugin is added to %j', (before, wanted) => {
  expect(after(before, true)).toBe(wanted);
});

test.each([
  ['{"authorization-plugins": ["docker-mtls"]}', '{"authorization-plugins": []}'],
  ['{"authorization-plugins": ["opa", "docker-mtls"], "a": 1}', '{"authorization-plugins": ["opa"], "a": 1}'],
  ['{"authorization-plugins": ["docker-mtls", "opa", "docker-mtls"]}', '{"authorization-plugins": ["opa"]}'],
  ['{"debug": true}', '{"debug": true}'],
])('the plugin is removed from %j', (before, wanted) => {
  expect(after(before, false)).toBe(wanted);
  expect(JSON.parse(after(before, false))).toEqual(JSON.parse(wanted));
});

test('a change says what it was before', () => {
  const plan = planAuthorizationPlugin(parseDaemonConfig(Buffer.from('{}')), NAME, true);
  expect(plan.changes).toMatchObject([{ key: 'authorization-plugins', from: undefined, to: [NAME] }]);
});
