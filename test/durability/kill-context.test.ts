import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { docker } from '../support/docker-cli.ts';
import { ENGINE_VERSIONS, type EngineVersion } from '../support/engine-install.ts';
import type { Need } from '../support/needs.ts';
import { engineFiles, recordingEngine, type RecordingEngine } from '../support/recording-engine.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { newHome } from './homes.ts';
import { inHome, killEverywhere } from './kill-everywhere.ts';

const NEEDED: readonly Need[] = [
  'docker command',
  ...ENGINE_VERSIONS.map((version) => `engine ${version}` as const),
];

const CLIS = ['installed', ...ENGINE_VERSIONS] as const;

/** What the Docker CLI says of a pair that is half old and half new, or of a context that is not there. */
const FAILS_CLOSED =
  /^$|private key does not match public key|context "?node1"?.*(?:not found|does not exist)/i;

type Case = {
  readonly what: string;
  readonly command: (port: number) => readonly string[];
  /** What makes the home folder what it is before; `{port}` is the engine's. */
  readonly before: readonly (readonly string[])[];
  readonly atLeast: number;
  /** What the same command may answer when it was done before the kill. */
  readonly repeat: string;
  readonly works: boolean;
};

const CREATE = ['context', 'create', 'node1', '--client', 'bob', '--for', '127.0.0.1:PORT'];
const BUNDLE = ['bundle', 'bob', '--for', '127.0.0.1:PORT', '-o', 'b', '--force'];
const INSTALL = ['unbundle', 'b', '--install', '--name', 'node1', '--out', 'bob'];
const RENEW = ['issue-client', 'bob', '--force'];

const CASES: readonly Case[] = [
  {
    what: 'context create',
    before: [],
    command: (port) => withPort(CREATE, port),
    atLeast: 12,
    repeat: 'CONTEXT_EXISTS',
    works: true,
  },
  {
    what: 'context update',
    before: [CREATE, RENEW],
    command: () => ['context', 'update'],
    atLeast: 10,
    repeat: '-',
    works: true,
  },
  {
    what: 'context remove',
    before: [CREATE],
    command: () => ['context', 'remove', 'node1'],
    atLeast: 6,
    repeat: 'CONTEXT_NOT_FOUND',
    works: false,
  },
  {
    what: 'unbundle --install for a new context',
    before: [BUNDLE],
    command: () => INSTALL,
    atLeast: 20,
    repeat: '-',
    works: true,
  },
  {
    what: 'unbundle --install after a renewal',
    before: [BUNDLE, INSTALL, RENEW, BUNDLE],
    command: () => [...INSTALL, '--force'],
    atLeast: 20,
    repeat: '-',
    works: true,
  },
];

function withPort(words: readonly string[], port: number): readonly string[] {
  return words.map((word) => word.replace('PORT', String(port)));
}

describeNeeding(NEEDED, 'a context', () => {
  let start: string;
  let engine: RecordingEngine;

  beforeAll(async () => {
    start = newHome();
    for (const args of [['init-ca'], ['issue-server', 'localhost'], ['issue-client', 'bob']])
      await cliJson(args, inHome(start));
    engine = await recordingEngine(engineFiles(path.join(start, 'ca/servers/localhost')));
  }, KILLS_TIMEOUT);

  describe.each(CASES)('during $what', ({ what, command, before, atLeast, repeat, works }) => {
    describeKills(what, () => {
      test(
        'is reached over TLS with one of its pairs, or not at all',
        async () => {
          const home = path.join(temporaryFolder(), 'home');
          fs.cpSync(start, home, { recursive: true, verbatimSymlinks: true });
          for (const args of before) await cliJson(withPort(args, engine.port), inHome(home));
          const problems = await killEverywhere({
            start: home,
            command: command(engine.port),
            atLeast,
            afterKill: async (killed) => connectsOrFailsClosed(killed),
            afterRepeat: async (_, answer) => {
              expectDoneOr(repeat, answer);
            },
            stillWorks: async (killed) => {
              expect(await connect(killed, 'installed')).toMatchObject({ code: works ? 0 : 1 });
            },
          });
          expect({ problems, plain: engine.plain }).toEqual({ problems: [], plain: [] });
          expect(engine.tls()).toBeGreaterThan(0);
        },
        KILLS_TIMEOUT,
      );
    });
  });
});

async function connectsOrFailsClosed(home: string): Promise<void> {
  for (const version of CLIS) {
    const { code, stderr } = await connect(home, version);
    expect({ version, reason: code === 0 ? '' : stderr }).toEqual({
      version,
      reason: expect.stringMatching(FAILS_CLOSED),
    });
  }
}

function connect(home: string, version: EngineVersion): Promise<Finished> {
  return docker(['--context', 'node1', 'version'], { home, version });
}
