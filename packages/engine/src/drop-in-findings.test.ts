import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDaemonConfig } from '@docker-mtls/daemon-config';
import { fakeMachine, UNIT } from '../testing/fake-systemd.ts';
import type { FakeMachine } from '../testing/fake-systemd.ts';
import { dropInFindings } from './drop-in-findings.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostUnit } from './host-unit.ts';
import { planHost } from './plan-host.ts';
import { changeFiles, planChange } from './write-host.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

async function unitOf({ run, units }: FakeMachine): Promise<HostUnit> {
  const unit = await readHostUnit(run, { units });
  if (unit === undefined) throw new Error('no unit');
  return unit;
}

/** The ids of what is found, once the unit has become another. */
async function found(become: (machine: FakeMachine) => void): Promise<readonly string[]> {
  const machine = fakeMachine();
  // A program that exists: whether it is dockerd is told by its name alone.
  const dockerd = path.join(machine.folder, 'dockerd');
  fs.writeFileSync(dockerd, '', { mode: 0o755 });
  fs.writeFileSync(path.join(machine.folder, 'docker.service'), UNIT.replace('/usr/sbin/dockerd', dockerd));
  const { config } = machine;
  const unit = await unitOf(machine);
  const plan = planHost(unit, parseDaemonConfig(undefined), {
    listen: ['0.0.0.0:2376'],
    localSocket: 'fd://',
    files: { ca: '/c/ca.pem', certificate: '/c/s.pem', key: '/c/k.pem' },
    liveRestore: false,
  });
  await changeFiles(planChange(unit, plan, { config, now: NOW }));
  become(machine);
  return dropInFindings(await unitOf(machine), fs.readFileSync(config, 'utf8')).map(({ id }) => id);
}

test('nothing is found while the unit is the one that the drop-in was made for', async () => {
  expect(await found(() => undefined)).toEqual([]);
});

function changePackage({ folder }: FakeMachine): void {
  fs.rmSync(path.join(folder, 'dockerd'));
  fs.writeFileSync(path.join(folder, 'docker.service'), UNIT);
}

function addFlag({ folder }: FakeMachine): void {
  const file = path.join(folder, 'docker.service');
  fs.writeFileSync(file, `${fs.readFileSync(file, 'utf8').trimEnd()} --debug\n`);
}

test('a program that went with its package is found before the engine starts', async () => {
  expect(await found(changePackage)).toEqual(['drop-in-program-missing']);
});

test('a command of the unit that has become another is found', async () => {
  expect(await found(addFlag)).toEqual(['drop-in-outdated']);
});
