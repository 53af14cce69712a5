import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { refuseReaders } from './other-engines.ts';
import { runningEngines, unitIn } from './running-engines.ts';
import type { RunningEngine } from './running-engines.ts';

type Process = {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly cgroup?: string;
  readonly mnt?: string;
  /** The real, effective, saved and file system's user; absent: root. */
  readonly uids?: string;
  /** What it has open. */
  readonly files?: readonly string[];
};

const SOCKET = '/run/docker/libnetwork/514b624718c9.sock';
const ROW = '00000000de6caa3d: 00000002 00000000 00010000 0001 01';
/** The table of the sockets that have a path: one of an engine, and one that passes for it. */
const UNIX = `Num       RefCount Protocol Flags    Type St Inode Path\n${ROW} 41 ${SOCKET}\n${ROW} 42 /tmp/x\n${ROW} 43 ${SOCKET}\n`;

/** A /proc in a folder: the processes of other users and name spaces could not be made here without root. */
function procWith(...processes: readonly Process[]): string {
  const proc = temporaryFolder();
  const write = (pid: string, process: Process): void => {
    const { argv, cwd = '/', cgroup = '0::/\n', mnt = 'mnt:[1]', uids = '0 0 0 0', files = [] } = process;
    const folder = path.join(proc, pid);
    fs.mkdirSync(path.join(folder, 'ns'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'cmdline'), argv.map((word) => `${word}\0`).join(''));
    fs.writeFileSync(path.join(folder, 'cgroup'), cgroup);
    const numbers = uids.replaceAll(' ', '\t');
    fs.writeFileSync(path.join(folder, 'status'), `Name:\tdockerd\nUid:\t${numbers}\nGid:\t0\t0\t0\t0\n`);
    fs.mkdirSync(path.join(folder, 'fd'));
    for (const [at, file] of files.entries()) fs.symlinkSync(file, path.join(folder, 'fd', String(at)));
    fs.symlinkSync(cwd, path.join(folder, 'cwd'));
    fs.symlinkSync('/usr/sbin/dockerd', path.join(folder, 'exe'));
    for (const [kind, target] of [
      ['mnt', mnt],
      ['pid', 'pid:[1]'],
      ['net', 'net:[1]'],
    ] as const)
      fs.symlinkSync(target, path.join(folder, 'ns', kind));
  };
  write('self', { argv: ['node'] });
  fs.mkdirSync(path.join(proc, 'self/net'));
  fs.writeFileSync(path.join(proc, 'self/net/unix'), UNIX);
  processes.forEach((each, index) => write(String(100 + index), each));
  fs.mkdirSync(path.join(proc, 'sys'));
  return proc;
}

const SERVICE = '0::/system.slice/docker.service\n';

test('an engine tells its flags, its file and its unit', () => {
  const argv = ['/usr/sbin/dockerd', '-H', 'unix:///run/x.sock', '--config-file=d.json'];
  expect(runningEngines(procWith({ argv, cwd: '/srv/e', cgroup: SERVICE }))).toEqual([
    {
      pid: 100,
      program: '/usr/sbin/dockerd',
      arguments: argv.slice(1),
      flags: [
        { name: 'host', value: 'unix:///run/x.sock', arguments: [0, 1] },
        { name: 'config-file', value: 'd.json', arguments: [2] },
      ],
      config: '/srv/e/d.json',
      unit: { name: 'docker.service', isUsers: false },
      isInOwnNetwork: false,
    },
  ]);
});

test('the file of an engine is found behind short flags in one word', () => {
  const argv = ['dockerd', '-DH', 'unix:///run/x.sock', '--config-file=/srv/d.json'];
  const [engine] = runningEngines(procWith({ argv }));
  expect(engine?.config).toBe('/srv/d.json');
  expect(engine?.flags.map(({ name }) => name)).toEqual(['debug', 'host', 'config-file']);
});

test('an engine is known by what it has open, whatever its program is called', () => {
  const files = ['/dev/null', 'socket:[41]', '/var/lib/docker/volumes/metadata.db'];
  const proc = procWith({ argv: ['/opt/engine-29', '--config-file=/srv/d.json'], files });
  expect(runningEngines(proc)).toMatchObject([{ pid: 100, config: '/srv/d.json' }]);
});

test('a program is no engine by a part of what engines have open, nor as another user', () => {
  const database = '/home/eve/volumes/metadata.db';
  const proc = procWith(
    { argv: ['sshd'], files: ['socket:[43]'] },
    { argv: ['tar'], files: [database, 'socket:[42]'] },
    { argv: ['eve'], files: ['socket:[41]', database], uids: '4242 4242 4242 4242' },
  );
  expect(runningEngines(proc)).toEqual([]);
});

test('other programs are no engines, and neither is what a container of another engine runs', () => {
  const proc = procWith(
    { argv: ['containerd'] },
    { argv: [] },
    { argv: ['sh', '-c', 'dockerd'] },
    { argv: ['dockerd'], mnt: 'mnt:[2]' },
  );
  expect(runningEngines(proc)).toEqual([]);
});

test('what another user calls dockerd is no engine, and neither is what they start with the rights of root', () => {
  const argv = ['dockerd', '--config-file=/home/eve/daemon.json'];
  const uids = ['4242 4242 4242 4242', '4242 0 0 0', ''];
  expect(runningEngines(procWith(...uids.map((each) => ({ argv, uids: each }))))).toEqual([]);
});

test('an engine of our own user is one, whatever files it sees', () => {
  const own = process.geteuid?.() ?? 0;
  const mnt = own === 0 ? 'mnt:[1]' : 'mnt:[2]';
  const uids = Array.from({ length: 4 }, () => own).join(' ');
  expect(runningEngines(procWith({ argv: ['dockerd'], uids, mnt }))).toHaveLength(1);
});

test.each([
  ['0::/system.slice/docker.service', { name: 'docker.service', isUsers: false }],
  [
    '12:cpu:/x\n1:name=systemd:/system.slice/docker-labs.service',
    { name: 'docker-labs.service', isUsers: false },
  ],
  [
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker.service',
    { name: 'docker.service', isUsers: true },
  ],
  ['0::/user.slice/user-0.slice/session-3.scope', undefined],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope', undefined],
  ['', undefined],
])('the unit of the control group %j', (cgroup, unit) => {
  expect(unitIn(`${cgroup}\n`)).toEqual(unit);
});

const TEXT = '{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}';

function refuse(...argvs: readonly (readonly string[])[]): () => void {
  const running: readonly RunningEngine[] = runningEngines(
    procWith(...argvs.map((words) => ({ argv: ['dockerd', '--config-file', '/srv/d.json', ...words] }))),
  );
  return () => refuseReaders({ config: '/srv/d.json', text: TEXT, running, unit: undefined });
}

test.each([
  [['-H', 'unix:///var/run/docker.sock', '-H', 'tcp://127.0.0.1:2375']],
  [['--host=fd://']],
  [['--tlsverify']],
  [['-DHunix:///var/run/docker.sock']],
])('a flag of a running engine that the file would repeat is refused: %j', (words) => {
  expect(refuse(words)).toThrow(
    expect.objectContaining({ code: 'HOST_FLAGS_CLASH', message: expect.stringContaining('process 100') }),
  );
});

test('flags that the file leaves alone are no obstacle', () => {
  expect(refuse(['--data-root', '/x', '--bridge=none'])).not.toThrow();
});

test('two engines that read the same file are refused', () => {
  expect(refuse([], [])).toThrow(expect.objectContaining({ code: 'HOST_SHARED_CONFIG' }));
});
