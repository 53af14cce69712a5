import { expect, test } from '@jest/globals';
import { parseDaemonConfig } from './document.ts';
import { planLiveRestore } from './live-restore.ts';

test.each([
  { name: 'no file', before: undefined, after: '{\n  "live-restore": true\n}\n' },
  { name: 'an empty file', before: '', after: '{\n  "live-restore": true\n}\n' },
  { name: 'other keys', before: '{"debug":true}', after: '{"debug":true,"live-restore":true}' },
  { name: 'off', before: '{ "live-restore": false }', after: '{ "live-restore": true }' },
  { name: 'on already', before: '{ "live-restore" : true }', after: '{ "live-restore" : true }' },
])('$name', ({ before, after }) => {
  const plan = planLiveRestore(parseDaemonConfig(before === undefined ? undefined : Buffer.from(before)));
  expect(plan.after).toBe(after);
  expect(plan.changes).toHaveLength(before === after ? 0 : 1);
});

test('takes it back, said outright: a reload leaves alone what is not said', () => {
  const plan = planLiveRestore(parseDaemonConfig(Buffer.from('{"live-restore":true}')), false);
  expect(plan.after).toBe('{"live-restore":false}');
});

test('a live-restore that is no boolean is refused', () => {
  expect(() => parseDaemonConfig(Buffer.from('{"live-restore": "yes"}'))).toThrow(
    expect.objectContaining({ code: 'DAEMON_CONFIG_INVALID' }),
  );
});
