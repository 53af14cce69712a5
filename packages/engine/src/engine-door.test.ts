import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { UNIT, fakeMachine } from '../testing/fake-systemd.ts';
import { engineDoors } from './engine-door.ts';
import { readHostUnit } from './host-unit.ts';
import { userScope } from './scope.ts';

const SOCKET = '[Socket]\nListenStream=/run/elsewhere.sock\n';

test.each([
  ['-H fd://', '{}', { socketPath: '/run/elsewhere.sock' }],
  ['', '{}', { socketPath: '/var/run/docker.sock' }],
  ['', '{"hosts": ["tcp://10.0.0.5:2375", "unix:///run/a.sock"]}', { socketPath: '/run/a.sock' }],
  ['', '{"hosts": ["tcp://10.0.0.5:2375", "unix://"]}', { socketPath: '/var/run/docker.sock' }],
  ['-H tcp://10.0.0.5:2375', '{}', { host: '10.0.0.5', port: 2375 }],
  ['-H tcp://0.0.0.0:2375', '{"debug": true}', { host: '127.0.0.1', port: 2375 }],
  ['', '{"hosts": ["tcp://[::]:2376"], "tlsverify": true}', { host: '::1', port: 2376 }],
  ['', '{"tls": true}', { host: 'localhost', port: 2376 }],
  ['--tlsverify', '{}', { host: 'localhost', port: 2376 }],
  ['', '{"tlsverify": true}', { socketPath: '/var/run/docker.sock' }, { host: 'localhost', port: 2376 }],
  ['', 'no JSON', { socketPath: '/var/run/docker.sock' }],
])('with %j on its command line and %s, an engine is asked at %j', async (flags, text, ...doors) => {
  const machine = fakeMachine({ unit: UNIT.replace('-H fd://', flags), socket: SOCKET });
  fs.mkdirSync(path.dirname(machine.config));
  fs.writeFileSync(machine.config, text);
  const unit = await readHostUnit(machine.run, { units: machine.units });
  expect(unit && engineDoors(unit, machine.config)).toEqual(doors);
});

test.each(['{}', '{"tls": true}', '{"hosts": ["tcp://0.0.0.0:2376"]}'])(
  "a rootless engine is asked on its user's socket, whatever it has in its own network: %s",
  async (text) => {
    const machine = fakeMachine({ unit: UNIT.replace('-H fd://', '') });
    fs.mkdirSync(path.dirname(machine.config));
    fs.writeFileSync(machine.config, text);
    const scope = userScope({ config: '/home/dan/.config', runtime: '/run/user/1000' });
    const unit = await readHostUnit(machine.run, { units: machine.units });
    expect(unit && engineDoors({ ...unit, scope }, machine.config)).toEqual([
      { socketPath: '/run/user/1000/docker.sock' },
    ]);
  },
);
