import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { formatTcpHost, parseDaemonConfig, readDaemonConfig, recordDropIn } from '@docker-mtls/daemon-config';
import type { UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { UNIT, fakeMachine } from '../testing/fake-systemd.ts';
import type { FakeMachine } from '../testing/fake-systemd.ts';
import { dropInFindings } from './drop-in-findings.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostService, HostUnit } from './host-unit.ts';
import { planHost } from './plan-host.ts';
import type { HostPlan } from './plan-host.ts';
import { planUndo } from './plan-undo.ts';
import { undoChange } from './undo-change.ts';
import { servedAddresses } from './wanted-listens.ts';
import { changeFiles, planChange, planEngineRenewal } from './write-host.ts';
import type { FileChange } from './write-host.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const OPTIONS = {
  listen: ['0.0.0.0:2376'],
  localSocket: 'unix:///var/run/docker.sock',
  files: { ca: '/c/ca.pem', certificate: '/c/s.pem', key: '/c/k.pem' },
  liveRestore: false,
};

async function unitOf({ run, units }: FakeMachine): Promise<HostUnit> {
  const unit = await readHostUnit(run, { units });
  if (unit === undefined) throw new Error('no unit');
  return unit;
}

function planOf(unit: HostUnit, config: string): HostPlan {
  return planHost(unit, parseDaemonConfig(readDaemonConfig(config)), OPTIONS);
}

async function change(machine: FakeMachine): Promise<void> {
  const unit = await unitOf(machine);
  const { config } = machine;
  await changeFiles(planChange(unit, planOf(unit, config), { config, now: NOW }));
}

async function undo(machine: FakeMachine, force = false): Promise<void> {
  await changeFiles(undoOf(await unitOf(machine), machine.config, force));
}

function undoOf(unit: HostService, config: string, force = false): FileChange<UndoneDaemonConfig> {
  const plan = planUndo({ config, folder: unit.folder, isRead: true, force });
  return undoChange(unit, plan, { now: NOW, force });
}

function dropIn({ units }: FakeMachine): string {
  return path.join(units, 'docker.service.d', 'zz-docker-mtls.conf');
}

test('the drop-in is read by systemd before daemon.json changes', async () => {
  const machine = fakeMachine();
  const unit = await unitOf(machine);
  const seen: boolean[] = [];
  const daemonReload = async (): Promise<void> => {
    seen.push(fs.existsSync(dropIn(machine)), fs.existsSync(machine.config));
  };
  const watched = { ...unit, systemd: { ...unit.systemd, daemonReload } };
  const { config } = machine;
  await changeFiles(planChange(watched, planOf(unit, config), { config, now: NOW }));
  expect(seen).toEqual([true, false]);
  expect(JSON.parse(fs.readFileSync(config, 'utf8'))).toMatchObject({
    hosts: ['fd://', 'tcp://0.0.0.0:2376'],
  });
  expect(fs.readFileSync(dropIn(machine), 'utf8')).toContain('ExecStart=/usr/sbin/dockerd --containerd=');
});

test('the way back goes the other way: daemon.json before the drop-in that covers it', async () => {
  const machine = fakeMachine();
  const unit = await unitOf(machine);
  const { config } = machine;
  const { paths } = planChange(unit, planOf(unit, config), { config, now: NOW });
  expect(paths).toEqual([dropIn(machine), config]);
});

test('a second time, nothing is to be done', async () => {
  const machine = fakeMachine();
  await change(machine);
  const { config, dropIn: unit } = planOf(await unitOf(machine), machine.config);
  expect(config.changes).toEqual([]);
  expect(unit.after).toBe(unit.before);
});

test('a plain port that went does not come back the second time; one that was added since moves', async () => {
  const machine = fakeMachine({ unit: UNIT.replace('-H fd://', '-H fd:// -H tcp://127.0.0.1:2375') });
  await change(machine);
  expect(fs.readFileSync(machine.config, 'utf8')).not.toContain('2375');
  expect(planOf(await unitOf(machine), machine.config).config.changes).toEqual([]);
  const file = path.join(machine.folder, 'docker.service');
  fs.writeFileSync(
    file,
    fs.readFileSync(file, 'utf8').replace('-H fd://', '-H fd:// -H tcp://10.0.0.5:9999'),
  );
  expect(planOf(await unitOf(machine), machine.config).config.changes).toMatchObject([
    { key: 'hosts', to: ['fd://', 'tcp://0.0.0.0:2376', 'tcp://10.0.0.5:9999'] },
  ]);
});

test('when systemd refuses, nothing is left', async () => {
  const machine = fakeMachine();
  const unit = await unitOf(machine);
  let times = 0;
  const daemonReload = async (): Promise<void> => {
    times += 1;
    if (times === 1) throw new Error('no');
  };
  const failing = { ...unit, systemd: { ...unit.systemd, daemonReload } };
  const { config } = machine;
  await expect(changeFiles(planChange(failing, planOf(unit, config), { config, now: NOW }))).rejects.toThrow(
    'no',
  );
  expect(fs.readdirSync(machine.units)).toEqual([]);
  expect(fs.existsSync(path.dirname(config))).toBe(false);
});

async function renew(machine: FakeMachine, liveRestore: boolean): Promise<string> {
  const { config } = machine;
  await changeFiles(planEngineRenewal(await unitOf(machine), { config, liveRestore, now: NOW }));
  return fs.readFileSync(config, 'utf8');
}

describe('a renewal of the pair', () => {
  test('changes nothing else', async () => {
    const machine = fakeMachine();
    await change(machine);
    const [text, unit] = [fs.readFileSync(machine.config, 'utf8'), fs.readFileSync(dropIn(machine), 'utf8')];
    fs.appendFileSync(path.join(machine.folder, 'docker.service'), 'ExecReload=/bin/true\n');
    expect(await renew(machine, false)).toBe(text);
    expect(fs.readFileSync(dropIn(machine), 'utf8')).toBe(unit);
    fs.rmSync(dropIn(machine));
    expect(await renew(machine, false)).toBe(text);
    expect(fs.existsSync(dropIn(machine))).toBe(false);
  });

  test('keeps containers from then on when told to', async () => {
    const machine = fakeMachine();
    await change(machine);
    expect(JSON.parse(await renew(machine, true))).toMatchObject({ 'live-restore': true });
  });

  test('does not say twice what a flag says', async () => {
    const machine = fakeMachine({ unit: UNIT.replace('-H fd://', '-H fd:// --live-restore') });
    await change(machine);
    expect(JSON.parse(await renew(machine, true))).not.toHaveProperty('live-restore');
  });

  test('of a rootless engine cannot keep its containers', async () => {
    const machine = fakeMachine();
    const unit = await unitOf(machine);
    const rootless = { ...unit, scope: { ...unit.scope, isRootless: true } };
    expect(() =>
      planEngineRenewal(rootless, { config: machine.config, liveRestore: true, now: NOW }),
    ).toThrow(expect.objectContaining({ code: 'HOST_LIVE_RESTORE' }));
  });
});

test('an undo that is refused is refused before anything begins', async () => {
  const machine = fakeMachine();
  const unit = await unitOf(machine);
  expect(() => undoOf(unit, machine.config, true)).toThrow(
    expect.objectContaining({ code: 'DAEMON_CONFIG_NOTHING_TO_UNDO' }),
  );
});

test('undo takes both away, and the folder that is empty then', async () => {
  const machine = fakeMachine();
  await change(machine);
  await undo(machine);
  expect(fs.existsSync(machine.config)).toBe(false);
  expect(fs.readdirSync(machine.units)).toEqual([]);
});

test("undo leaves an administrator's drop-in where it is", async () => {
  const machine = fakeMachine();
  const folder = path.join(machine.units, 'docker.service.d');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'limits.conf'), '[Service]\nLimitNOFILE=4096\n');
  await change(machine);
  await undo(machine);
  expect(fs.readdirSync(folder)).toEqual(['limits.conf']);
});

test('undo that is refused leaves both', async () => {
  const machine = fakeMachine();
  await change(machine);
  fs.appendFileSync(machine.config, '\n');
  await expect(undo(machine)).rejects.toMatchObject({ code: 'DAEMON_CONFIG_EDITED' });
  expect(fs.existsSync(dropIn(machine))).toBe(true);
});

test('undo of the last change keeps the drop-in that an earlier one needs', async () => {
  const machine = fakeMachine();
  await change(machine);
  const unit = await unitOf(machine);
  const { config } = machine;
  const other = planHost(unit, parseDaemonConfig(readDaemonConfig(config)), {
    ...OPTIONS,
    listen: ['0.0.0.0:2377'],
  });
  await changeFiles(planChange(unit, other, { config, now: NOW }));
  await undo(machine);
  expect(fs.readFileSync(config, 'utf8')).not.toContain('2377');
  expect(fs.existsSync(dropIn(machine))).toBe(true);
  await undo(machine);
  expect(fs.existsSync(dropIn(machine))).toBe(false);
});

test('undo takes a drop-in away that was all there was to change', async () => {
  const machine = fakeMachine();
  fs.mkdirSync(path.dirname(machine.config));
  const [tls, hosts] = [
    '"tlsverify":true,"tlscacert":"/c/ca.pem","tlscert":"/c/s.pem","tlskey":"/c/k.pem"',
    '"hosts":["fd://","tcp://0.0.0.0:2376"]',
  ];
  fs.writeFileSync(machine.config, `{${hosts},${tls}}`);
  await change(machine);
  expect(fs.existsSync(dropIn(machine))).toBe(true);
  await undo(machine);
  expect(fs.existsSync(dropIn(machine))).toBe(false);
  await expect(undo(machine)).rejects.toMatchObject({ code: 'DAEMON_CONFIG_NOTHING_TO_UNDO' });
});

/** A rootless engine: what others reach it by is said in its unit, and daemon.json need not change for that. */
async function publish(machine: FakeMachine, ...listen: readonly string[]): Promise<void> {
  const unit = await rootlessOf(machine);
  const { config } = machine;
  const plan = planHost(unit, parseDaemonConfig(readDaemonConfig(config)), { ...OPTIONS, listen });
  await changeFiles(planChange(unit, plan, { config, now: NOW }));
}

async function rootlessOf(machine: FakeMachine): Promise<HostUnit> {
  const unit = await unitOf(machine);
  return { ...unit, scope: { ...unit.scope, isRootless: true } };
}

async function undoRootless(machine: FakeMachine): Promise<string> {
  const { config } = machine;
  const { outcome } = await changeFiles(undoOf(await rootlessOf(machine), config));
  return outcome;
}

function read(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

test('a rootless engine in the network of the machine opens its ports itself', async () => {
  const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
  await publish(machine, '0.0.0.0:2376');
  expect(read(dropIn(machine))).toContain('-p 0.0.0.0:2376:2376/tcp');
  const unit = { ...(await rootlessOf(machine)), isDetached: true };
  const document = parseDaemonConfig(readDaemonConfig(machine.config));
  const plan = planHost(unit, document, { ...OPTIONS, listen: ['127.0.0.1:2377'] });
  expect(plan.dropIn.after).toBeUndefined();
  expect(JSON.parse(plan.config.after)).toMatchObject({
    hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376', 'tcp://127.0.0.1:2377'],
  });
});

test('it is not restarted with a port that is published from before its upgrade', async () => {
  const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
  await publish(machine, '0.0.0.0:2376');
  const order = { config: machine.config, liveRestore: false, now: NOW };
  const unit = await rootlessOf(machine);
  expect(() => planEngineRenewal(unit, order)).not.toThrow();
  const upgraded = { ...unit, isDetached: true };
  expect(() => planEngineRenewal(upgraded, order)).toThrow(
    expect.objectContaining({ code: 'HOST_PUBLISHED_TWICE' }),
  );
  expect(dropInFindings(upgraded, read(machine.config) ?? '')).toEqual([]);
});

test('one that was published on fewer addresses before its upgrade opens those, and no others', async () => {
  const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
  await publish(machine, '127.0.0.1:2376');
  expect(read(machine.config)).toContain('tcp://0.0.0.0:2376');
  const unit = { ...(await rootlessOf(machine)), isDetached: true };
  const document = parseDaemonConfig(readDaemonConfig(machine.config));
  const served = servedAddresses(document, unit).map(formatTcpHost);
  expect(served).toEqual(['tcp://127.0.0.1:2376']);
  const plan = planHost(unit, document, { ...OPTIONS, listen: ['127.0.0.1:2376'] });
  expect(JSON.parse(plan.config.after)).toMatchObject({
    hosts: ['unix:///var/run/docker.sock', 'tcp://127.0.0.1:2376'],
  });
});

describe('a change of the unit alone', () => {
  test('is a change of its own to undo, one after the other', async () => {
    const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
    const both = (): readonly unknown[] => [read(machine.config), read(dropIn(machine))];
    const states = [both()];
    const steps = [
      ['127.0.0.1:2376'],
      ['127.0.0.2:2376'],
      ['127.0.0.2:2377'],
      ['127.0.0.3:2377', '[::1]:2376'],
    ];
    for (const listen of steps) {
      await publish(machine, ...listen);
      states.push(both());
    }
    expect(new Set(states.map(([config]) => config)).size).toBe(3);
    expect(new Set(states.map(([, unit]) => unit)).size).toBe(5);
    const outcomes: string[] = [];
    for (const state of states.slice(0, -1).toReversed()) {
      outcomes.push(await undoRootless(machine));
      expect(both()).toEqual(state);
    }
    expect(outcomes).toEqual(['untouched', 'restored', 'untouched', 'removed']);
    await expect(undoRootless(machine)).rejects.toMatchObject({ code: 'DAEMON_CONFIG_NOTHING_TO_UNDO' });
  });

  test('that systemd refuses leaves no record of itself', async () => {
    const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
    await publish(machine, '127.0.0.1:2376');
    const before = fs.readdirSync(path.dirname(machine.config));
    let times = 0;
    machine.answers['daemon-reload'] = () => ({ code: times++ === 0 ? 1 : 0, stdout: '', stderr: 'no\n' });
    await expect(publish(machine, '127.0.0.2:2376')).rejects.toThrow('no');
    expect(fs.readdirSync(path.dirname(machine.config))).toEqual(before);
    expect(read(dropIn(machine))).toContain('127.0.0.1:2376');
  });

  test('that was killed before it took place is nothing to undo once the next one is made', async () => {
    const machine = fakeMachine({ unit: UNIT.replace('-H fd:// ', '') });
    await publish(machine, '127.0.0.1:2376');
    const first = read(dropIn(machine));
    recordDropIn(machine.config, { now: NOW, dropIn: first ?? null });
    await publish(machine, '127.0.0.2:2376');
    expect(await undoRootless(machine)).toBe('untouched');
    expect(read(dropIn(machine))).toBe(first);
    expect(await undoRootless(machine)).toBe('removed');
  });
});
