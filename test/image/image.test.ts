import { beforeAll, expect, test } from '@jest/globals';
import { describeWithEngine } from '../support/describe-with-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildImages, startImageEngine, type ImageEngine } from './image-engine.ts';
import fs from 'node:fs';

describeWithEngine('28.5', 'the image', () => {
  let host: ImageEngine;
  beforeAll(async () => {
    host = await startImageEngine('28.5');
    console.log(Date.now());
    await buildImages(host);
    console.log(Date.now());
  }, 120_000);

  test('x', async () => {
    const t = temporaryFolder();
    fs.mkdirSync(t + '/c');
    fs.mkdirSync(t + '/etc/docker', { recursive: true });
    console.log(
      await host.docker(
        'run',
        '--rm',
        '-v',
        `${t}/c:/certs`,
        '-v',
        `${t}/etc/docker:/docker`,
        'docker-mtls:server',
      ),
    );
    console.log(
      await host.docker(
        'run',
        '--rm',
        '-e',
        `HOST_CERTS_DIR=${t}/c`,
        '-v',
        `${t}/c:/certs`,
        '-v',
        `${t}/etc/docker:/docker`,
        'docker-mtls:server',
      ),
    );
    console.log(await host.docker('run', '--rm', '-v', `${t}/c:/certs`, 'docker-mtls:client'));
    console.log(
      await host.docker(
        'run',
        '--rm',
        '--network',
        'host',
        '-e',
        `HOST_CERTS_DIR=${t}/c`,
        '-v',
        `${t}/c:/certs`,
        '-v',
        `${t}/etc/docker:/docker`,
        'docker-mtls:server',
      ),
    );
    console.log(
      await host.docker(
        'run',
        '--rm',
        '-v',
        `${t}/c:/certs`,
        '-v',
        `${t}/etc/docker:/docker`,
        '--entrypoint',
        '/usr/local/bin/node',
        'docker-mtls',
        '-e',
        'console.log(fs.readFileSync("/proc/self/mountinfo","utf8"), fs.readFileSync("/etc/hosts","utf8"), os.hostname(), os.networkInterfaces())',
      ),
    );
    console.log(await host.docker('images'));
  }, 60_000);
});
