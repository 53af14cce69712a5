/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds, TRACING } from '../support/needs.ts';
import { findEngine, type EngineInstall } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temp.ts';
import { runIn, strikeEverywhere, type Change } from './stand-in/faults.ts';
import { CONFIG, layDown, startMachine } from './stand-in/machine.ts';

/** Which engine judges whether one would start: the newest that is in Debian's stable release. */
const ENGINE = '26.1';
const SLOW = 400_000;

export type StrikeCase = Pick<Change, 'atLeast' | 'only' | 'inRegistry' | 'repeatCodes'> & {
  readonly name: string;
  /** The machine's daemon.json before everything; `undefined`: there is none, nor a folder for it. */
  readonly original?: string;
  /** The commands that make the machine what it is before, and the one that is struck. */
  readonly before?: (apply: readonly string[]) => readonly (readonly string[])[];
  readonly command: (apply: readonly string[]) => readonly string[];
};

/** A change of a running engine, killed at each of its steps and around each request to systemd, and with a full disk there. */
export function describeStrikes(command: string, cases: readonly StrikeCase[]): void {
  const engine = findEngine(ENGINE);
  describeNeeding(
    [...engineNeeds(ENGINE), 'mounts', ...TRACING, 'curl', 'openssl'],
    `${command}, struck at every step`,
    () => {
      let port: number;
      beforeAll(async () => {
        port = await freePort();
      });

      test.each(cases)(
        'the engine always starts, and all is done or as before: $name',
        async ({ original, before = () => [], command: struck, ...rest }) => {
          if (engine === undefined) throw new Error(`no engine ${ENGINE}`);
          const listen = `127.0.0.1:${port}`;
          const apply = [
            'daemon-config',
            '--server',
            'node1',
            '--config',
            CONFIG,
            '--listen',
            listen,
            '--apply',
          ];
          const start = await startOf(engine, original, before(apply));
          expect(await strikeEverywhere({ start, engine, command: struck(apply), ...rest })).toEqual([]);
        },
        SLOW,
      );
    },
  );
}

/** A machine with a CA, a server's pair and a client's, whose engine has come up with what these commands did. */
async function startOf(
  engine: EngineInstall,
  original: string | undefined,
  commands: readonly (readonly string[])[],
): Promise<string> {
  const home = path.join(temporaryFolder(), 'm');
  fs.mkdirSync(home);
  layDown(home);
  if (original === undefined) fs.rmdirSync(path.join(home, 'docker'));
  else fs.writeFileSync(path.join(home, 'docker/daemon.json'), original, { mode: 0o640 });
  const machine = await startMachine(home, engine);
  for (const args of [['init-ca'], ['issue-server', 'node1'], ['issue-client', 'alice'], ...commands]) {
    const { code, stdout, stderr } = await runIn(machine, args);
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  }
  await machine.close();
  return home;
}
