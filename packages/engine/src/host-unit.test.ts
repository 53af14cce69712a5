import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { fakeMachine, FINE, UNIT } from '../testing/fake-systemd.ts';
import type { HostError } from './host-error.ts';
import { readHostUnit } from './host-unit.ts';
import { userScope } from './scope.ts';
import { systemdOf } from './systemd.ts';

test('reads the command, the program and the file that the engine reads', async () => {
  const { run, units } = fakeMachine({
    unit: UNIT.replace('-H fd://', '-H fd:// --config-file=/srv/d.json'),
  });
  const unit = await readHostUnit(run, { units });
  expect(unit).toMatchObject({
    name: 'docker.service',
    program: '/usr/sbin/dockerd',
    config: '/srv/d.json',
    isActive: true,
    socket: undefined,
  });
  expect(unit?.command.hosts).toEqual(['fd://']);
});

test('replaces variables that systemd hands on to all units', async () => {
  const { run, units, answers } = fakeMachine({ unit: `${UNIT.trimEnd()} $DOCKER_OPTS\n` });
  answers['show-environment'] = { ...FINE, stdout: "LANG=C\nDOCKER_OPTS=$'-H tcp://0.0.0.0:2375'\n" };
  expect((await readHostUnit(run, { units }))?.command.hosts).toEqual(['fd://', 'tcp://0.0.0.0:2375']);
});

test('knows no engine where systemd has no such unit', async () => {
  expect(
    await readHostUnit(async () => ({ code: 0, stdout: 'LoadState=not-found\n', stderr: '' })),
  ).toBeUndefined();
});

test('finds the socket that systemd holds', async () => {
  const { run } = fakeMachine({ socket: '[Socket]\nListenStream=%t/docker.sock\n' });
  expect((await readHostUnit(run))?.socket).toEqual({ name: 'docker.socket', path: '/run/docker.sock' });
});

test('refuses a socket that is open to the network', async () => {
  const { run } = fakeMachine({ socket: '[Socket]\nListenStream=2375\n' });
  await expect(readHostUnit(run)).rejects.toMatchObject({ code: 'DAEMON_CONFIG_UNIT' });
});

test('refuses every socket that starts the engine and is open to the network', async () => {
  const { run, folder } = fakeMachine({
    state: 'ActiveState=active\nTriggeredBy=docker.socket docker-tcp.socket',
  });
  fs.writeFileSync(
    path.join(folder, 'docker-tcp.socket'),
    '[Socket]\nListenStream=2375\nService=docker.service\n',
  );
  await expect(readHostUnit(run)).rejects.toMatchObject({
    code: 'DAEMON_CONFIG_UNIT',
    message: expect.stringContaining('docker-tcp.socket:2 opens "2375" on the network'),
  });
});

test.each([
  { name: 'reads changed unit files first when it may', fresh: true, asked: ['daemon-reload'] },
  { name: 'leaves systemd alone otherwise', fresh: false, asked: [] },
])('$name', async ({ fresh, asked }) => {
  const machine = fakeMachine({ state: 'ActiveState=active\nNeedDaemonReload=yes' });
  await readHostUnit(machine.run, { fresh });
  expect(machine.asked).toEqual(asked);
});

const USER = userScope({ config: '/home/dan/.config', runtime: '/run/user/1000' });

test.each([
  ['Failed to connect to bus: No medium found\n', expect.stringContaining('enable-linger')],
  ['Failed to connect to user scope bus via local transport: x\n', expect.stringContaining('enable-linger')],
  ['Job for docker.service failed because the control process exited with error code.\n', undefined],
])("of a user's manager that says %j, the hint is %p", async (stderr, hint) => {
  const { restart } = systemdOf(async () => ({ code: 1, stdout: '', stderr }), USER);
  const error = await restart(['docker.service']).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'HOST_SYSTEMCTL' });
  expect((error as HostError).hint).toEqual(hint);
});

test("says in systemd's words why it does not answer, without what a terminal obeys", async () => {
  const stderr = 'Failed to connect\u001b[31m to bus\n';
  await expect(readHostUnit(async () => ({ code: 1, stdout: '', stderr }))).rejects.toMatchObject({
    code: 'HOST_SYSTEMCTL',
    message: expect.stringMatching(/: Failed to connect \[31m to bus$/),
  });
});
