import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { which } from '../../../test/support/engine-install.ts';
import type { Need } from '../../../test/support/needs.ts';
import { searchPath } from '../../../test/support/run.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { factsScript, readRemoteFacts, type RemoteFacts } from './remote-facts.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

/** A docker command of a version, and with a context, that no package brings any more. */
function standIn(file: string, version: string, endpoint: string): string {
  const target = path.join(folder, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo 'Docker version ${version}, build 0' || echo '${endpoint}'\n`;
  fs.writeFileSync(target, script, { mode: 0o755 });
  return target;
}

type Env = Readonly<Record<string, string>>;

function facts(shell: string, socket?: string, env: Env = {}, noise = ''): RemoteFacts | undefined {
  const [program = '', ...words] = shell.split(' ');
  const { stdout } = spawnSync(program, [...words, '-s'], {
    input: factsScript(socket),
    env: { PATH: searchPath([path.join(folder, 'bin')]), HOME: folder, SHELL: '/bin/sh', ...env },
    encoding: 'utf8',
  });
  return readRemoteFacts(noise + stdout);
}

async function listenOn(name: string): Promise<string> {
  const file = path.join(folder, name);
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(file, resolve));
  onCleanup(() => void server.close());
  return file;
}

const SHELLS: readonly { readonly shell: string; readonly needs: readonly Need[] }[] = [
  { shell: 'sh', needs: [] },
  { shell: 'bash', needs: [] },
  { shell: 'dash', needs: [] },
  { shell: 'zsh', needs: ['zsh'] },
  { shell: 'busybox sh', needs: ['busybox'] },
];

for (const { shell, needs } of SHELLS)
  describeNeeding(needs, shell, () => {
    test('tells who and where one is, and what docker is there', () => {
      const docker = standIn('bin/docker', '20.10.24+dfsg1', 'unix:///var/run/docker.sock');
      expect(facts(shell, undefined, {}, 'Welcome!\ndocker-mtls:user=\n')).toMatchObject({
        user: os.userInfo().username,
        shell: '/bin/sh',
        path: searchPath([path.join(folder, 'bin')]),
        docker,
        dockerElsewhere: undefined,
        version: '20.10.24',
        endpoint: 'unix:///var/run/docker.sock',
        chosenBy: undefined,
        socket: { path: '/var/run/docker.sock' },
      });
    });
  });

test('looks at the socket that is asked for', async () => {
  standIn('bin/docker', '28.5.2', 'tcp://10.0.0.1:2375');
  const socket = await listenOn('docker.sock');
  expect(facts('sh', socket)).toMatchObject({
    endpoint: `unix://${socket}`,
    socket: { path: socket, exists: true, mayUse: true },
  });
  expect(facts('sh', `${folder}/none.sock`)).toMatchObject({ socket: { exists: false, mayUse: false } });
});

test.each<[Env, string, RemoteFacts['chosenBy']]>([
  [{ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, 'tcp://10.0.0.1:2375', 'DOCKER_HOST'],
  [{ DOCKER_CONTEXT: 'prod' }, 'ssh://b', 'DOCKER_CONTEXT'],
  [{}, 'ssh://b', 'docker context use'],
])('tells what makes docker go elsewhere: %j', (env, endpoint, chosenBy) => {
  standIn('bin/docker', '28.5.2', endpoint);
  expect(facts('sh', undefined, env)).toMatchObject({ endpoint, chosenBy, socket: undefined });
});

function profile(line: string): void {
  fs.writeFileSync(path.join(folder, '.profile'), `${line}\n`);
}

describe('without docker in the PATH', () => {
  let env: Env;
  beforeEach(() => {
    const tools = path.join(folder, 'tools');
    fs.mkdirSync(tools);
    for (const tool of ['id', 'tail', 'stat']) fs.symlinkSync(which(tool) ?? '', path.join(tools, tool));
    env = { PATH: tools };
  });

  test('finds the one of a login, whatever else that says', () => {
    const docker = standIn('opt/docker', '28.5.2', '');
    profile(`echo hello; PATH=${env['PATH']}:${path.dirname(docker)}`);
    expect(facts(which('sh') ?? '', undefined, env)).toMatchObject({
      docker: undefined,
      dockerElsewhere: docker,
    });
  });

  test('finds the one in a usual place', () => {
    const docker = standIn('bin/docker', '28.5.2', '');
    profile(`echo hello; PATH=${env['PATH']}`);
    const places = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin', '/snap/bin'];
    const earlier = places.map((place) => `${place}/docker`).find((file) => fs.existsSync(file));
    expect(facts(which('sh') ?? '', undefined, env)?.dockerElsewhere).toBe(earlier ?? docker);
  });
});

test('takes no words that a shell would act on from a host', () => {
  const hostile = [
    'user=a$(id)',
    'own=/run/user/1000/docker.sock;id',
    'endpoint=unix:///x;id',
    'group=docker;id',
    'end=yes',
  ];
  expect(readRemoteFacts(hostile.map((line) => `docker-mtls:${line}\n`).join(''))).toMatchObject({
    user: '',
    ownSocket: undefined,
    socket: undefined,
  });
});

test.each(['', 'This account is currently not available.\n', 'docker-mtls:user=alice\n'])(
  'knows nothing of an account that runs no commands: %j',
  (stdout) => {
    expect(readRemoteFacts(stdout)).toBeUndefined();
  },
);

test.each([
  ['MaxStartups 20:30:60', '20:30:60'],
  ['  maxstartups 64', '64'],
  ['', undefined],
])('what sshd_config says of connections at once is read: %j', (line, expected) => {
  const said = `docker-mtls:startups=${line}\ndocker-mtls:end=yes\n`;
  expect(readRemoteFacts(said)?.maxStartups).toBe(expected);
});
