import { describe, expect, test } from '@jest/globals';
import { parseDaemonConfig } from '../document.ts';
import { parseListens } from '../listens.ts';
import { DROP_IN_MARK } from './drop-in-name.ts';
import { readEngineCommand } from './engine-command.ts';
import { planDropIn } from './plan-drop-in.ts';
import type { DropInPlan } from './plan-drop-in.ts';
import { publishedNow } from './plan-publication.ts';
import { readServiceUnit } from './service-unit.ts';
import type { UnitFile } from './unit-file.ts';

const UNIT = '/home/dan/.config/systemd/user/docker.service';
const FOLDER = `${UNIT}.d`;
const PROGRAM = '/usr/bin/dockerd-rootless.sh';
const FLAGS = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS';
const CONFIG = '{"hosts": ["unix:///run/user/1000/docker.sock", "tcp://0.0.0.0:2376"], "tlsverify": true}';

type Machine = {
  readonly lines?: readonly string[];
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, string>>;
  readonly inherited?: Readonly<Record<string, string>>;
  readonly listen?: readonly string[];
};

function filesOf({ lines = [`ExecStart=${PROGRAM}`], dropIns = {} }: Machine): readonly UnitFile[] {
  const unit = { path: UNIT, text: ['[Service]', ...lines, ''].join('\n') };
  const drops = Object.entries(dropIns).map(([name, line]) => ({
    path: `${FOLDER}/${name}`,
    text: name.startsWith('zz-docker-mtls.conf')
      ? `${DROP_IN_MARK}\n[Service]\n${line}\n`
      : `[Service]\n${line}\n`,
  }));
  return [unit, ...drops];
}

function plan(machine: Machine): DropInPlan {
  const { texts = {}, inherited = {}, listen = ['0.0.0.0:2376'] } = machine;
  const files = filesOf(machine);
  const command = readEngineCommand(readServiceUnit(files), {
    texts: new Map(Object.entries(texts)),
    inherited: new Map(Object.entries(inherited)),
  });
  const document = parseDaemonConfig(Buffer.from(CONFIG));
  return planDropIn(command, { document, files, folder: FOLDER, publish: parseListens(listen) });
}

const setting = ({ after }: DropInPlan): string | undefined => /^Environment=(.*)$/m.exec(after ?? '')?.[1];

test('the whole text of the drop-in for a rootless engine', () => {
  expect(plan({})).toEqual({
    path: `${FOLDER}/zz-docker-mtls.conf`,
    before: undefined,
    after: `${DROP_IN_MARK}
# The engine has a network of its own, and rootlesskit publishes its ports.
[Service]
Environment="${FLAGS}=-p 0.0.0.0:2376:2376/tcp"
`,
    changes: [
      {
        flag: '-p 0.0.0.0:2376:2376/tcp',
        key: FLAGS,
        why: 'the engine has a network of its own, and rootlesskit brings this port to it',
      },
    ],
    warnings: [],
    flags: [],
  });
});

describe('flags for rootlesskit that are there already stay', () => {
  test.each([
    { name: 'in the unit', lines: [`ExecStart=${PROGRAM}`, `Environment="${FLAGS}=--debug"`] },
    { name: 'in a drop-in', dropIns: { 'override.conf': `Environment='${FLAGS}=--debug'` } },
    { name: 'in the environment of the service manager', inherited: { [FLAGS]: '--debug' } },
  ])('$name', (machine) => {
    expect(setting(plan(machine))).toBe(`"${FLAGS}=--debug -p 0.0.0.0:2376:2376/tcp"`);
  });
});

test('a unit that says all of it needs no drop-in', () => {
  const lines = [`ExecStart=${PROGRAM}`, `Environment="${FLAGS}=-p 0.0.0.0:2376:2376/tcp"`];
  expect(plan({ lines })).toMatchObject({ after: undefined, changes: [] });
});

test('flags of the command that clash go as well', () => {
  const { after } = plan({
    lines: [`ExecStart=${PROGRAM} -H tcp://0.0.0.0:2376 --tlsverify --iptables=false`],
  });
  expect(after).toContain(`ExecStart=\nExecStart=${PROGRAM} --iptables=false\n`);
  expect(after).toContain('Environment=');
});

test('a second time, it is the same', () => {
  const first = plan({});
  const line = `Environment=${setting(first)}`;
  expect(setting(plan({ dropIns: { 'zz-docker-mtls.conf': line } }))).toBe(setting(first));
});

describe('a drop-in could not say it', () => {
  test.each<Machine & { readonly name: string; readonly says: string }>([
    {
      name: 'an environment file has the last word',
      lines: [`ExecStart=${PROGRAM}`, 'EnvironmentFile=-/etc/rootless'],
      texts: { '/etc/rootless': `${FLAGS}=--debug\n` },
      says: `${FLAGS} is set in /etc/rootless`,
    },
    {
      name: 'a later drop-in',
      dropIns: { 'zzz.conf': `Environment="${FLAGS}=--debug"` },
      says: `${FOLDER}/zzz.conf:2 sets Environment after zz-docker-mtls.conf`,
    },
    {
      name: 'a specifier',
      lines: [`ExecStart=${PROGRAM}`, `Environment="${FLAGS}=--state-dir=%t/kit"`],
      says: 'holds a "%"',
    },
    {
      name: 'a port driver that takes no orders',
      lines: [`ExecStart=${PROGRAM}`, 'Environment=DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=implicit'],
      says: 'publishes every port of the engine by itself',
    },
  ])('$name', ({ says, ...machine }) => {
    expect(() => plan(machine)).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_UNIT', message: expect.stringContaining(says) }),
    );
  });
});

test('what is open for the engine now, ours included', () => {
  const machine = {
    lines: [`ExecStart=${PROGRAM}`, `Environment="${FLAGS}=-p 127.0.0.1:1:1/tcp"`],
    dropIns: { 'zz-docker-mtls.conf': `Environment="${FLAGS}=-p 127.0.0.1:1:1/tcp -p [::]:2:2/tcp"` },
  };
  const files = filesOf(machine);
  const command = readEngineCommand(readServiceUnit(files), { texts: new Map() });
  expect(publishedNow(command, files)).toEqual([
    { host: '127.0.0.1', port: 1 },
    { host: '::', port: 2 },
  ]);
});
