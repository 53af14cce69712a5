import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { startEngine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { engineNeeds } from '../support/needs.ts';
import { readPair, secureEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { tlsRequest } from '../support/tls-client.ts';

const VERSION = '28.5';
const SLOW = 240_000;

/** A command sees the engine's process where it shares its name spaces, as on any host. */
const besides = (pid: number): readonly string[] => ['nsenter', '-t', String(pid), '-m', '-p', '--'];

describeNeeding(engineNeeds(VERSION), `the clients of engine ${VERSION}`, () => {
  test(
    'are served after every command that nobody told to cut them off, each after a restart',
    async () => {
      const { engine, port, home, caDirectory, configFile, alice } = await secureEngine(VERSION);
      const pair = readPair(alice);
      const ca = fs.readFileSync(path.join(alice, 'ca.pem'), 'utf8');
      const other = await freePort();
      const options = { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } };
      const config = ['--config', configFile];
      const steps: readonly { readonly argv: readonly string[]; readonly code: string | undefined }[] = [
        { argv: ['secure', '--client', 'bob', ...config], code: undefined },
        { argv: ['secure', 'other.example.com', '--client', 'bob', ...config], code: 'HOST_CUTS_OFF' },
        {
          argv: ['secure', '--client', 'bob', '--ca-dir', path.join(home, 'b'), '--no-passphrase', ...config],
          code: 'HOST_CUTS_OFF',
        },
        { argv: ['daemon-config', '--listen', `127.0.0.1:${other}`, ...config], code: undefined },
        { argv: ['daemon-config', 'undo', ...config], code: undefined },
      ];
      let running = engine;
      for (const { argv, code } of steps) {
        const { stdout } = await cli([...argv, '--json'], options);
        const { error } = JSON.parse(stdout) as { readonly error?: { readonly code: string } };
        expect({ argv, code: error?.code }).toEqual({ argv, code });
        await running.stop();
        running = await startEngine({ version: VERSION, configFile });
        expect(await tlsRequest({ port, ca, pair })).toEqual({ status: 200, body: 'OK' });
      }
      const lastly = await tlsRequest({ port: other, ca, pair });
      expect(lastly).toHaveProperty('refused');
    },
    SLOW,
  );

  test(
    'are spared a daemon.json that clashes with the flags of the running engine',
    async () => {
      const home = temporaryFolder();
      const configFile = path.join(home, 'daemon.json');
      fs.writeFileSync(configFile, '{}');
      const port = await freePort();
      const flags = [`--host=unix://${home}/s`, `--host=tcp://127.0.0.1:${port}`];
      const engine = await startEngine({ version: VERSION, configFile, flags });
      const secure = ['secure', 'node1', '--client', 'alice', '--no-passphrase', '--config', configFile];
      const { stdout } = await cli([...secure, '--json'], { home, prefix: besides(engine.pid) });
      expect(JSON.parse(stdout).error).toMatchObject({
        code: 'HOST_FLAGS_CLASH',
        message: expect.stringContaining(`--host=tcp://127.0.0.1:${port}`),
      });
      expect(fs.readFileSync(configFile, 'utf8')).toBe('{}');
      await engine.stop();
    },
    SLOW,
  );
});
