import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { locateEngine, restartWords } from './local-engine.ts';
import type { LocalEngine, Machine, WhichEngine } from './local-engine.ts';
import type { Services } from './restart-command.ts';
import type { RunningEngine } from './running-engines.ts';

const ROOT: Machine = { env: {}, platform: 'linux', uid: 0 };
const SYSTEMD = { manager: 'systemd', running: [] } as const;
const WINDOWS: Machine = { ...ROOT, platform: 'win32', uid: undefined };

/** What is said of an engine, without who asked. */
function located(which: WhichEngine, machine: Machine): Omit<LocalEngine, 'machine'> {
  const { machine: _, ...engine } = locateEngine(which, machine, SYSTEMD);
  return engine;
}

function user(...marks: readonly string[]): Machine & { readonly home: string } {
  const home = temporaryFolder();
  for (const mark of marks) {
    const file = path.join(home, mark);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '');
  }
  return { ...ROOT, uid: 1000, home, env: { HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run') } };
}

describe('the engine that is meant', () => {
  test('is the one of the machine', () => {
    expect(located({}, ROOT)).toEqual({
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
      expect(located({}, io)).toEqual({
        kind: 'rootless',
        config: path.join(io.home, '.config/docker/daemon.json'),
        localSocket: `unix://${io.home}/run/docker.sock`,
        restart: 'systemctl --user restart docker',
      });
    },
  );

  test("is the machine's for a user without one, and for root", () => {
    expect(located({}, user()).kind).toBe('system');
    const io = user('.config/docker/daemon.json');
    expect(located({}, { ...io, uid: 0 }).kind).toBe('system');
  });

  test('is rootless when its file is named, with no such variable as su leaves it', () => {
    const io = { ...ROOT, uid: 1000, env: { HOME: '/home/dan' } };
    expect(located({ config: '/home/dan/.config/docker/daemon.json' }, io)).toMatchObject({
      kind: 'rootless',
      localSocket: 'unix:///run/user/1000/docker.sock',
    });
  });

  test("is the snap's when its file is named", () => {
    const config = '/var/snap/docker/current/config/daemon.json';
    expect(located({ config }, ROOT)).toEqual({
      kind: 'snap',
      config,
      localSocket: 'unix:///var/run/docker.sock',
      restart: 'snap restart docker.dockerd',
    });
  });

  test('is the one of Windows there', () => {
    expect(located({}, WINDOWS)).toEqual({
      kind: 'windows',
      config: 'C:\\ProgramData\\docker\\config\\daemon.json',
      localSocket: 'npipe://',
      restart: 'Restart-Service docker',
    });
  });

  test('is one of Windows where the certificates have paths of Windows', () => {
    const which = { config: '/work/daemon.json', certsDirectory: 'C:\\ProgramData\\docker\\certs.d' };
    expect(located(which, ROOT)).toMatchObject({
      kind: 'windows',
      config: '/work/daemon.json',
      localSocket: 'npipe://',
    });
  });
});

const LABS: RunningEngine = {
  pid: 7,
  program: undefined,
  arguments: [],
  flags: [],
  config: '/etc/docker/daemon-labs.json',
  unit: { name: 'docker-labs.service', isUsers: false },
  isInOwnNetwork: false,
};

test.each<{ config?: string; manager?: Services['manager']; running?: RunningEngine; words: string }>([
  { words: 'restart the engine, for example: systemctl restart docker' },
  { manager: 'openrc', words: 'restart the engine, for example: rc-service docker restart' },
  { manager: 'sysvinit', words: 'restart the engine, for example: service docker restart' },
  { manager: undefined, words: 'restart the engine that reads /etc/docker/daemon.json' },
  { config: '/srv/e/daemon.json', words: 'restart the engine that reads /srv/e/daemon.json' },
  { config: LABS.config, words: `restart the engine that reads ${LABS.config}` },
  {
    config: LABS.config,
    running: LABS,
    words: 'restart the engine, for example: systemctl restart docker-labs.service',
  },
  {
    config: LABS.config,
    running: { ...LABS, unit: undefined },
    words: `restart the engine that reads ${LABS.config}`,
  },
  { running: LABS, words: 'restart the engine, for example: systemctl restart docker' },
])('a restart is named where it is certain: %j', ({ config, running, words, ...services }) => {
  const { manager = 'manager' in services ? undefined : 'systemd' } = services;
  const engine = locateEngine({ config }, ROOT, { manager, running: running === undefined ? [] : [running] });
  expect(restartWords(engine)).toBe(words);
});
