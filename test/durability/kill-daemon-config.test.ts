import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { caPromises } from './ca-promises.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { inHome, killEverywhere } from './kill-everywhere.ts';

describeKills('daemon-config', () => {
  test.each([
    { name: 'an absent daemon.json', original: undefined },
    { name: 'an existing daemon.json', original: '{\n\t"log-level": "debug",\n\t"mtu": 1450\n}\n' },
  ])(
    'leaves $name as it was, or as it is to be',
    async ({ original }) => {
      const start = await homeWithPairs();
      if (original !== undefined) fs.writeFileSync(path.join(start, 'daemon.json'), original);
      const problems = await killEverywhere({
        start,
        command: ['daemon-config', '--server', 'node1', '--config', 'daemon.json'],
        atLeast: 10,
        afterKill: async (home) => {
          expect([original, secured(home, original)]).toContain(readIfThere(home));
          await caPromises(home);
        },
        afterRepeat: async (home, { code, stderr }) => {
          expect({ code, stderr }).toMatchObject({ code: 0 });
          expect(readIfThere(home)).toBe(secured(home, original));
        },
        stillWorks: async (home) => {
          await cliJson(['daemon-config', 'undo', '--config', 'daemon.json'], inHome(home));
          expect(readIfThere(home)).toBe(original);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );

  test(
    'undo leaves daemon.json as it is, or as it was',
    async () => {
      const original = '{\n\t"mtu": 1450\n}\n';
      const start = await homeWithPairs();
      fs.writeFileSync(path.join(start, 'daemon.json'), original);
      await cliJson(['daemon-config', '--server', 'node1', '--config', 'daemon.json'], inHome(start));
      const written = readIfThere(start);
      const problems = await killEverywhere({
        start,
        command: ['daemon-config', 'undo', '--config', 'daemon.json'],
        atLeast: 5,
        sample: 3,
        afterKill: async (home) => expect([original, written]).toContain(readIfThere(home)),
        afterRepeat: async (home, repeat) => {
          expectDoneOr('DAEMON_CONFIG_NOTHING_TO_UNDO', repeat);
          expect(readIfThere(home)).toBe(original);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});

function readIfThere(home: string): string | undefined {
  const file = path.join(home, 'daemon.json');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/** Byte for byte: the keys of the original stay where they were, ours follow in its indentation. */
function secured(home: string, original: string | undefined): string {
  const server = path.join(home, 'ca/servers/node1');
  const indent = original === undefined ? '  ' : '\t';
  const ours = [
    '"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"]',
    '"tlsverify": true',
    `"tlscacert": "${server}/ca.pem"`,
    `"tlscert": "${server}/server-cert.pem"`,
    `"tlskey": "${server}/server-key.pem"`,
  ].map((line) => `${indent}${line}`);
  const before = original === undefined ? '{\n' : `${original.trimEnd().slice(0, -2)},\n`;
  return `${before}${ours.join(',\n')}\n}\n`;
}
