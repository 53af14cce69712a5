import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDaemonConfig, readDaemonConfig } from '@docker-mtls/daemon-config';
import { fakeMachine } from '../testing/fake-systemd.ts';
import type { FakeMachine } from '../testing/fake-systemd.ts';
import { readHostService, readHostUnit } from './host-unit.ts';
import { planUndo } from './plan-undo.ts';
import type { UndoPlan } from './plan-undo.ts';
import { planHost } from './plan-host.ts';
import { undoChange } from './undo-change.ts';
import { changeFiles, planChange } from './write-host.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const OPTIONS = {
  listen: ['0.0.0.0:2376'],
  localSocket: 'unix:///var/run/docker.sock',
  files: { ca: '/c/ca.pem', certificate: '/c/s.pem', key: '/c/k.pem' },
  liveRestore: false,
};

async function secured(): Promise<FakeMachine> {
  const machine = fakeMachine();
  const { config } = machine;
  const unit = await readHostUnit(machine.run, { units: machine.units });
  if (unit === undefined) throw new Error('no unit');
  const plan = planHost(unit, parseDaemonConfig(readDaemonConfig(config)), OPTIONS);
  await changeFiles(planChange(unit, plan, { config, now: NOW }));
  return machine;
}

const unitFile = ({ folder }: FakeMachine): string => path.join(folder, 'docker.service');
const dropIn = ({ units }: FakeMachine): string => path.join(units, 'docker.service.d/zz-docker-mtls.conf');

async function planFor({ run, units, config }: FakeMachine, isRead = true): Promise<UndoPlan> {
  const { folder } = await readHostService(run, { units });
  return planUndo({ config, folder, isRead, force: false });
}

async function undo(machine: FakeMachine, isRead = true): Promise<void> {
  const service = await readHostService(machine.run, { units: machine.units });
  const plan = await planFor(machine, isRead);
  await changeFiles(undoChange(service, plan, { now: NOW, force: false }));
}

test.each<readonly [string, (machine: FakeMachine) => void]>([
  [
    'cannot be understood',
    (machine) => fs.writeFileSync(unitFile(machine), '[Service]\nExecStart=/bin/sh -c x\n'),
  ],
  ['starts nothing', (machine) => fs.writeFileSync(unitFile(machine), '[Service]\n')],
  [
    'reads an environment file by a pattern',
    (machine) =>
      fs.writeFileSync(
        unitFile(machine),
        '[Service]\nEnvironmentFile=/etc/%n\nExecStart=/usr/sbin/dockerd $OPTS\n',
      ),
  ],
  ['is gone with its package', (machine) => fs.rmSync(unitFile(machine))],
])('undo leaves nothing behind where the unit %s', async (_, become) => {
  const machine = await secured();
  become(machine);
  await undo(machine);
  expect(fs.existsSync(machine.config)).toBe(false);
  expect(fs.readdirSync(machine.units)).toEqual([]);
});

test('undo takes the drop-in of its change away, though the unit reads another file by now', async () => {
  const machine = await secured();
  await undo(machine, false);
  expect(fs.existsSync(dropIn(machine))).toBe(false);
});

test('undo leaves a drop-in that somebody else has put in its place', async () => {
  const machine = await secured();
  fs.writeFileSync(dropIn(machine), '[Service]\nLimitNOFILE=4096\n');
  await undo(machine);
  expect(fs.readFileSync(dropIn(machine), 'utf8')).toContain('LimitNOFILE');
});

test('the plan of an undo shows both files, and changes nothing', async () => {
  const machine = await secured();
  const before = fs.readdirSync(machine.folder, { recursive: true });
  const { outcome, diff } = await planFor(machine);
  expect(outcome).toBe('removed');
  expect(diff).toContain('-  "tlsverify": true');
  expect(diff).toContain(`--- ${dropIn(machine)}`);
  expect(fs.readdirSync(machine.folder, { recursive: true })).toEqual(before);
});

test('undo refuses to lose the former text of a drop-in that was removed since', async () => {
  const machine = await secured();
  const [name = ''] = fs
    .readdirSync(path.dirname(machine.config))
    .filter((each) => each.endsWith('.undo.json'));
  const record = path.join(path.dirname(machine.config), name);
  const former = { dropIn: '[Service]\nExecStart=\n' };
  fs.writeFileSync(record, JSON.stringify({ ...JSON.parse(fs.readFileSync(record, 'utf8')), ...former }));
  fs.rmSync(dropIn(machine));
  await expect(undo(machine)).rejects.toMatchObject({
    code: 'DAEMON_CONFIG_UNDO_BROKEN',
    message: expect.stringContaining(dropIn(machine)),
  });
  expect(fs.existsSync(record)).toBe(true);
  expect(fs.existsSync(machine.config)).toBe(true);
});
