import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { docker } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { engineNeeds } from '../support/needs.ts';
import { secureEngine, SERVER } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';

const VERSION = '28.5';

describeNeeding(engineNeeds(VERSION), 'a CA that changes to a new key', () => {
  test('at every stage, clients and an engine of this stage and of the one before get along', async () => {
    const { engine, port, home, caDirectory, configFile, alice } = await secureEngine(VERSION);
    const ca = (...words: readonly string[]) =>
      cliJson([...words], { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } });
    let running = engine;
    /** An engine reads its pair and its roots when it starts. */
    const restart = async (): Promise<void> => {
      await running.stop();
      running = await startEngine({ version: VERSION, configFile });
    };
    /** What alice was handed at a stage. */
    const handOut = (): string => {
      const folder = temporaryFolder();
      for (const name of ['ca.pem', 'cert.pem', 'key.pem'])
        fs.copyFileSync(path.join(alice, name), path.join(folder, name));
      return folder;
    };
    const served = async (folder: string): Promise<boolean> => {
      const env = {
        DOCKER_HOST: `tcp://localhost:${port}`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: folder,
      };
      const { code } = await docker(['version'], { version: VERSION, env });
      return code === 0;
    };
    const eachServed = async (...folders: readonly string[]): Promise<void> => {
      for (const folder of folders) expect(await served(folder)).toBe(true);
    };

    const before = handOut();
    await eachServed(before);

    await ca('ca', 'rotate', 'prepare');
    const prepared = handOut();
    // The engine of before, and the one that trusts both.
    await eachServed(before, prepared);
    await restart();
    await eachServed(before, prepared);

    await ca('ca', 'rotate', 'switch');
    await ca('renew', 'alice');
    const switched = handOut();
    // The engine's own certificate is still of the old key.
    await eachServed(before, prepared, switched);
    await ca('renew', SERVER);
    await restart();
    await eachServed(prepared, switched);
    // Without the new root, a client cannot tell the engine's new certificate from anybody's.
    expect(await served(before)).toBe(false);

    await ca('ca', 'rotate', 'retire', 'alice', SERVER);
    const retired = handOut();
    // The engine still trusts both.
    await eachServed(switched, retired);
    await restart();
    await eachServed(switched, retired);
    expect(await served(prepared)).toBe(false);

    await ca('ca', 'renew', '--days', '5000');
    const renewed = handOut();
    await eachServed(retired, renewed);
    await restart();
    await eachServed(retired, renewed);
  }, 600_000);
});
