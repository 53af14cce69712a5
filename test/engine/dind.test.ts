import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { cliJson } from '../support/cli.ts';
import { docker } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { tlsRequest } from '../support/tls-client.ts';

// The image of Docker-in-Docker cannot be had without a registry. What its entry point decides, it decides by the
// files that are there (docker-library/docker, dockerd-entrypoint.sh), and what it starts is a dockerd with these flags.

let certs: string;

beforeAll(async () => {
  const home = temporaryFolder();
  certs = path.join(home, 'certs');
  const env = { DOCKER_MTLS_CA_DIR: path.join(home, 'ca') };
  const layout = ['--layout', 'dind', '--out', certs];
  for (const words of [['init-ca'], ['issue-server', 'docker', ...layout], ['issue-client', 'ci', ...layout]])
    await cliJson(words, { home, env });
});

const has = (name: string): boolean => {
  const file = path.join(certs, name);
  return fs.existsSync(file) && fs.statSync(file).size > 0;
};

describeNeeding(['openssl'], 'the entry point of Docker-in-Docker', () => {
  test("finds a pair of somebody else's CA, which it only verifies", async () => {
    const isComplete = ['ca.pem', 'cert.pem', 'key.pem'].every((name) => has(`server/${name}`));
    expect({ isComplete, hasKeyOfCa: has('ca/key.pem') }).toEqual({ isComplete: true, hasKeyOfCa: false });
    const verify = ['verify', '-CAfile', `${certs}/server/ca.pem`, `${certs}/server/cert.pem`];
    expect(await run('openssl', verify)).toMatchObject({ code: 0, stdout: expect.stringContaining(': OK') });
  });

  test('makes no CA in its older form either', () => {
    const makesCa = has('ca/key.pem') || !has('ca/cert.pem');
    expect(makesCa).toBe(false);
  });
});

describe.each(['20.10', '28.5'] as const)('engine %s', (version) => {
  describeNeeding([...engineNeeds(version), 'docker command'], 'with the flags of that entry point', () => {
    test('serves the client of the same folder, and nobody else', async () => {
      const folder = temporaryFolder();
      const configFile = path.join(folder, 'daemon.json');
      fs.writeFileSync(configFile, '{}');
      const port = await freePort();
      const server = path.join(certs, 'server');
      const flags = [
        `--host=unix://${folder}/docker.sock`,
        `--host=tcp://127.0.0.1:${port}`,
        '--tlsverify',
        '--tlscacert',
        `${server}/ca.pem`,
        '--tlscert',
        `${server}/cert.pem`,
        '--tlskey',
        `${server}/key.pem`,
      ];
      const engine = await startEngine({ version, configFile, flags });
      const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: path.join(certs, 'client') };
      const words = ['--host', `tcp://localhost:${port}`, 'version', '--format', '{{.Server.Version}}'];
      expect(await docker(words, { env })).toMatchObject({ code: 0, stdout: `${engine.version}\n` });
      const ca = fs.readFileSync(path.join(certs, 'client/ca.pem'), 'utf8');
      expect(await tlsRequest({ port, ca })).toEqual({ refused: expect.any(String) });
      await engine.stop();
    });
  });
});
