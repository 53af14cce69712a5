import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { fakeEngine, saysLiveRestore } from '../testing/fake-engine.ts';
import type { FakeEngine } from '../testing/fake-engine.ts';
import { FINE, UNIT, fakeMachine } from '../testing/fake-systemd.ts';
import type { FakeMachine } from '../testing/fake-systemd.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostUnit } from './host-unit.ts';
import { switchLiveRestore } from './keep-containers.ts';
import { restartEngine } from './restart.ts';

const SOON = { shortly: 50, long: 100 };
let machine: FakeMachine;
let engine: FakeEngine;
let unit: HostUnit;

async function boot(socket?: string): Promise<void> {
  machine = fakeMachine(socket === undefined ? {} : { socket });
  const file = path.join(machine.folder, 's');
  const flag = socket === undefined ? `-H unix://${file}` : '-H fd://';
  fs.writeFileSync(path.join(machine.folder, 'docker.service'), UNIT.replace('-H fd://', flag));
  if (socket !== undefined)
    fs.writeFileSync(path.join(machine.folder, 'docker.socket'), `[Socket]\nListenStream=${file}\n`);
  fs.mkdirSync(path.dirname(machine.config));
  fs.writeFileSync(machine.config, '{"debug": true}', { mode: 0o640 });
  engine = await fakeEngine(file);
  const read = await readHostUnit(machine.run, { units: machine.units });
  if (read === undefined) throw new Error('no unit');
  unit = read;
}

beforeEach(() => boot());

test('an engine that does not answer is no engine that serves', async () => {
  engine.isUp = false;
  await expect(restartEngine(unit, machine.config, { keep: false, patience: SOON })).rejects.toMatchObject({
    code: 'HOST_ENGINE_SILENT',
  });
});

test('an engine whose socket systemd holds may need that restarted too', async () => {
  await boot('[Socket]');
  engine.isUp = false;
  machine.answers['restart docker.socket docker.service'] = () => {
    engine.isUp = true;
    return FINE;
  };
  await restartEngine(unit, machine.config, { keep: false, patience: SOON });
  expect(machine.asked).toEqual([
    'reset-failed docker.socket docker.service',
    'restart docker.service',
    'restart docker.socket docker.service',
  ]);
});

test('containers that are to run on do so though daemon.json says nothing of it, before and after', async () => {
  engine.liveRestore = true;
  const was = fs.readFileSync(machine.config, 'utf8');
  const restarted: boolean[] = [];
  const takeOver = (): typeof FINE => {
    engine.liveRestore = saysLiveRestore(machine.config);
    return FINE;
  };
  machine.answers['restart docker.service'] = () => {
    restarted.push(saysLiveRestore(machine.config));
    return takeOver();
  };
  machine.answers['reload docker.service'] = takeOver;
  await restartEngine(unit, machine.config, { keep: true, patience: SOON });
  expect(restarted).toEqual([true]);
  expect(engine.liveRestore).toBe(false);
  expect(fs.readFileSync(machine.config, 'utf8')).toBe(was);
  expect(fs.statSync(machine.config).mode & 0o777).toBe(0o640);
});

test('live-restore is switched by a reload of a daemon.json that is as private as before, once', async () => {
  const modes: number[] = [];
  machine.answers['reload docker.service'] = () => {
    modes.push(fs.statSync(machine.config).mode & 0o777);
    engine.liveRestore = saysLiveRestore(machine.config);
    return FINE;
  };
  await switchLiveRestore(unit, machine.config, true);
  await switchLiveRestore(unit, machine.config, true);
  expect(modes).toEqual([0o640]);
});

test('an engine that does not take live-restore over is told of', async () => {
  await expect(switchLiveRestore(unit, machine.config, true, 50)).rejects.toMatchObject({
    code: 'HOST_LIVE_RESTORE',
  });
});
