import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { args, fakeIo } from '../../testing/fake-io.ts';
import type { Io } from '../io/io.ts';
import { localEngine, restartWords } from './local-engine.ts';

const WINDOWS: Partial<Io> = { platform: 'win32', uid: undefined };

function user(...marks: readonly string[]): Io {
  const home = temporaryFolder();
  for (const mark of marks) {
    const file = path.join(home, mark);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '');
  }
  return fakeIo({ uid: 1000, cwd: home, env: { HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run') } });
}

describe('the engine that is meant', () => {
  test('is the one of the machine', () => {
    expect(localEngine(args(), fakeIo())).toEqual({
      kind: 'system',
      config: '/etc/docker/daemon.json',
      localSocket: 'unix:///var/run/docker.sock',
      restart: 'systemctl restart docker',
    });
  });

  test.each(['.config/systemd/user/docker.service', '.config/docker/daemon.json', 'run/docker.sock'])(
    'is the rootless one of a user who has ~/%s',
    (mark) => {
      const io = user(mark);
      expect(localEngine(args(), io)).toEqual({
        kind: 'rootless',
        config: path.join(io.cwd, '.config/docker/daemon.json'),
        localSocket: `unix://${io.cwd}/run/docker.sock`,
        restart: 'systemctl --user restart docker',
      });
    },
  );

  test("is the machine's for a user without one, and for root", () => {
    expect(localEngine(args(), user()).kind).toBe('system');
    const io = user('.config/docker/daemon.json');
    expect(localEngine(args(), { ...io, uid: 0 }).kind).toBe('system');
  });

  test('is rootless when its file is named, with no such variable as su leaves it', () => {
    const io = fakeIo({ uid: 1000, env: { HOME: '/home/dan' } });
    expect(localEngine(args({ config: '/home/dan/.config/docker/daemon.json' }), io)).toMatchObject({
      kind: 'rootless',
      localSocket: 'unix:///run/user/1000/docker.sock',
    });
  });

  test("is the snap's when its file is named", () => {
    const config = '/var/snap/docker/current/config/daemon.json';
    expect(localEngine(args({ config }), fakeIo())).toEqual({
      kind: 'snap',
      config,
      localSocket: 'unix:///var/run/docker.sock',
      restart: 'snap restart docker.dockerd',
    });
  });

  test('is the one of Windows there', () => {
    expect(localEngine(args(), fakeIo(WINDOWS))).toEqual({
      kind: 'windows',
      config: 'C:\\ProgramData\\docker\\config\\daemon.json',
      localSocket: 'npipe://',
      restart: 'Restart-Service docker',
    });
  });

  test('is one of Windows where the certificates have paths of Windows', () => {
    const words = { config: 'daemon.json', 'certs-dir': 'C:\\ProgramData\\docker\\certs.d' };
    expect(localEngine(args(words), fakeIo())).toMatchObject({
      kind: 'windows',
      config: '/work/daemon.json',
      localSocket: 'npipe://',
    });
  });
});

test('nobody guesses what restarts an engine with a file of its own', () => {
  const engine = localEngine(args({ config: '/srv/e/daemon.json' }), fakeIo());
  expect(restartWords(engine)).toBe('restart the engine that reads /srv/e/daemon.json');
  expect(restartWords(localEngine(args(), fakeIo()))).toBe(
    'restart the engine, for example: systemctl restart docker',
  );
});
