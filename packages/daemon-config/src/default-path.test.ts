import { expect, test } from '@jest/globals';
import { defaultConfigPath, defaultLocalSocket } from './default-path.ts';

const HOME = { HOME: '/home/alice' };

test.each([
  {
    name: 'Linux',
    platform: 'linux',
    env: HOME,
    rootless: false,
    path: '/etc/docker/daemon.json',
    socket: 'unix:///var/run/docker.sock',
  },
  {
    name: 'rootless',
    platform: 'linux',
    env: { ...HOME, XDG_RUNTIME_DIR: '/run/user/1000' },
    rootless: true,
    path: '/home/alice/.config/docker/daemon.json',
    socket: 'unix:///run/user/1000/docker.sock',
  },
  {
    name: 'rootless with XDG',
    platform: 'linux',
    env: { ...HOME, XDG_CONFIG_HOME: '/x' },
    rootless: true,
    path: '/x/docker/daemon.json',
    socket: 'unix:///home/alice/.docker/run/docker.sock',
  },
  {
    name: 'Windows',
    platform: 'win32',
    env: {},
    rootless: false,
    path: 'C:\\ProgramData\\docker\\config\\daemon.json',
    socket: 'npipe://',
  },
  {
    name: 'Windows elsewhere',
    platform: 'win32',
    env: { ProgramData: 'D:\\Data' },
    rootless: false,
    path: 'D:\\Data\\docker\\config\\daemon.json',
    socket: 'npipe://',
  },
])('$name', ({ platform, env, rootless, path, socket }) => {
  expect(defaultConfigPath(platform, env, { rootless })).toBe(path);
  expect(defaultLocalSocket(platform, env, { rootless })).toBe(socket);
});
