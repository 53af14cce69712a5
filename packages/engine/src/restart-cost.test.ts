import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { fakeEngine } from '../testing/fake-engine.ts';
import type { FakeEngine } from '../testing/fake-engine.ts';
import { fakeMachine, UNIT } from '../testing/fake-systemd.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostUnit } from './host-unit.ts';
import { refuseCostlyRestart } from './restart-cost.ts';
import type { RestartCost } from './restart-cost.ts';

let engine: FakeEngine;
let unit: HostUnit;
let config: string;

beforeEach(async () => {
  const machine = fakeMachine();
  const socket = path.join(machine.folder, 's');
  fs.writeFileSync(
    path.join(machine.folder, 'docker.service'),
    UNIT.replace('-H fd://', `-H unix://${socket}`),
  );
  engine = await fakeEngine(socket);
  const read = await readHostUnit(machine.run, { units: machine.units });
  if (read === undefined) throw new Error('no unit');
  unit = read;
  ({ config } = machine);
  engine.containers.push({ Id: 'a1', Names: ['/web'] }, { Id: 'b2', Names: ['/job'], AutoRemove: true });
});

function not(flag: string): RestartCost['stops'] {
  return { flag, isGiven: false };
}

function refuse(changes: Partial<RestartCost> = {}): Promise<void> {
  const order = { quorum: not('--q'), swarmLock: not('--l'), stops: not('--allow-stop') };
  return refuseCostlyRestart(unit, { config, liveRestore: false, ...order, ...changes });
}

test('a restart that stops containers is refused with their names', async () => {
  await expect(refuse()).rejects.toMatchObject({
    code: 'HOST_STOPS_CONTAINERS',
    message: 'a restart of the engine stops the containers web, job: live-restore is off',
    hint: expect.stringContaining('--live-restore'),
  });
  await refuse({ stops: { flag: '--allow-stop', isGiven: true } });
  await refuse({ liveRestore: true });
  engine.containers.splice(0);
  await refuse();
});

test.each(['20.10.24+dfsg1', '23.0.15', '24.0.7', 'dev'])(
  'engine %s deletes containers that were started with --rm when it starts',
  async (version) => {
    Object.assign(engine, { version, liveRestore: true });
    await expect(refuse()).rejects.toMatchObject({
      code: 'HOST_STOPS_CONTAINERS',
      message: expect.stringContaining('deletes the container job:'),
    });
    await refuse({ stops: { flag: '--allow-stop', isGiven: true } });
  },
);

test.each(['24.0.8', '25.0.0', '28.5.2+dfsg4', '29.0.0'])('engine %s keeps them', async (version) => {
  Object.assign(engine, { version, liveRestore: true });
  await expect(refuse()).resolves.toBeUndefined();
});

test('a swarm manager with autolock is refused first of all', async () => {
  engine.swarm = {
    LocalNodeState: 'active',
    ControlAvailable: true,
    Cluster: { Spec: { EncryptionConfig: { AutoLockManagers: true } } },
  };
  engine.nodes = [{ ManagerStatus: { Reachability: 'reachable' } }];
  await expect(refuse()).rejects.toMatchObject({ code: 'HOST_SWARM_LOCK' });
  await expect(refuse({ swarmLock: { flag: '--l', isGiven: true } })).rejects.toMatchObject({
    code: 'HOST_SWARM',
  });
});
