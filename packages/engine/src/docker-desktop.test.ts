import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { refuseDesktop } from './docker-desktop.ts';
import { locateEngine } from './local-engine.ts';
import type { Machine } from './local-engine.ts';

const HERE: Machine = { env: {}, platform: 'linux', uid: 0 };

type World = { readonly io: Partial<Machine>; readonly files?: readonly string[]; readonly config?: string };

function tell({ io, files = [], config }: World): Promise<void> {
  const named = config === undefined ? undefined : path.resolve('/work', config);
  const engine = locateEngine({ config: named }, { ...HERE, ...io });
  return refuseDesktop(engine, (file) => files.includes(file));
}

const refused = (says: string): Record<string, unknown> => ({
  code: 'HOST_DOCKER_DESKTOP',
  message: expect.stringContaining(says),
  hint: expect.stringContaining('ssh://USER@HOST'),
});

const MAC: Partial<Machine> = { platform: 'darwin', uid: 501, env: { HOME: '/Users/ada' } };
const WINDOWS: Partial<Machine> = {
  platform: 'win32',
  uid: undefined,
  env: { USERPROFILE: 'C:\\Users\\ada' },
};
const DESKTOP_EXE = 'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe';

describe('is recognised', () => {
  test.each<World & { readonly name: string; readonly says: string }>([
    { name: 'on macOS', io: MAC, files: ['/Applications/Docker.app'], says: '/Applications/Docker.app' },
    { name: 'or another virtual machine there', io: MAC, says: 'runs in a virtual machine' },
    { name: 'on Windows', io: WINDOWS, files: [DESKTOP_EXE], says: 'Docker Desktop.exe' },
    {
      name: 'by its settings, however they are named',
      io: { env: { HOME: '/home/ada' } },
      config: '/home/ada/.docker/daemon.json',
      says: 'these are the settings of Docker Desktop',
    },
  ])('$name', async ({ says, ...world }) => {
    await expect(tell(world)).rejects.toMatchObject(refused(says));
  });

  test('on Linux, when its context is the current one', async () => {
    const home = temporaryFolder();
    const desktop = path.join(home, '.docker', 'desktop');
    fs.mkdirSync(path.dirname(desktop));
    const world = { io: { uid: 1000, env: { HOME: home } }, files: [desktop] };
    await expect(tell(world)).resolves.toBeUndefined();
    fs.writeFileSync(path.join(home, '.docker/config.json'), '{"currentContext": "desktop-linux"}');
    await expect(tell(world)).rejects.toMatchObject(refused('the current context is desktop-linux'));
    await expect(tell({ ...world, files: [] })).resolves.toBeUndefined();
  });
});

describe('is none of the business of', () => {
  test.each<World & { readonly name: string }>([
    { name: 'a file for another machine', io: MAC, config: 'daemon.json' },
    {
      name: 'an engine of Windows itself',
      io: WINDOWS,
      files: [DESKTOP_EXE, 'C:\\Windows\\System32\\dockerd.exe'],
    },
    { name: 'Windows without it', io: WINDOWS },
  ])('$name', async (world) => {
    await expect(tell(world)).resolves.toBeUndefined();
  });
});

describe('behind the local socket', () => {
  let server: http.Server | undefined;
  afterEach(() => void server?.close());

  /** No engine: a server that says what Docker Desktop's engine says of itself. */
  async function engineThatSays(body: string): Promise<string> {
    const socket = path.join(temporaryFolder(), 's');
    server = http.createServer((_, response) => response.end(body));
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    return `unix://${socket}`;
  }

  test.each([
    { says: '{"OperatingSystem": "Docker Desktop"}', expected: 'HOST_DOCKER_DESKTOP' },
    { says: '{"OperatingSystem": "Debian GNU/Linux 12 (bookworm)"}', expected: 'taken' },
    { says: 'null', expected: 'taken' },
  ])('an engine says $says', async ({ says, expected }) => {
    const engine = { ...locateEngine({}, HERE), localSocket: await engineThatSays(says) };
    const outcome = await refuseDesktop(engine).then(
      () => 'taken',
      ({ code }) => code,
    );
    expect(outcome).toBe(expected);
  });
});
