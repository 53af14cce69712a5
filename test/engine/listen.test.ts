import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { ENGINE_VERSIONS, findEngine, NAME_SPACES } from '../support/engine-install.ts';
import { opensslPairs } from '../support/openssl-pairs.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// What `overlap` in packages/daemon-config claims of the engine.

/** All addresses are those of a network of its own, which has the loopback ones alone. */
const OWN_NETWORK = ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

for (const version of ENGINE_VERSIONS) {
  describeNeeding(
    [...engineNeeds(version), 'openssl', 'ip'],
    `engine ${version} that is to listen on all addresses`,
    () => {
      test.each(['[::1]', '[::]', '127.0.0.1'])('opens %s by that, and no port twice', async (host) => {
        const configFile = await configWith(['tcp://0.0.0.0:2376', `tcp://${host}:2376`]);
        const { dockerd = '', path: programs = '' } = findEngine(version) ?? {};
        const command = [...NAME_SPACES, ...OWN_NETWORK, dockerd, '--config-file', configFile];
        const ended = await run('unshare', command, { env: { PATH: programs } });
        expect(ended).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/bind: address already in use|port is already allocated/u),
        });
      });
    },
  );
}

async function configWith(addresses: readonly string[]): Promise<string> {
  const folder = temporaryFolder();
  const files = await opensslPairs(folder);
  const configFile = path.join(folder, 'daemon.json');
  const config = {
    hosts: [`unix://${folder}/d.sock`, ...addresses],
    tlsverify: true,
    tlscacert: files.ca,
    tlscert: files.server.certificate,
    tlskey: files.server.key,
    'data-root': path.join(folder, 'data'),
    'exec-root': path.join(folder, 'x'),
    pidfile: path.join(folder, 'pid'),
  };
  fs.writeFileSync(configFile, JSON.stringify(config));
  return configFile;
}
