import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { BUSYBOX, importBusybox } from '../support/busybox.ts';
import { docker } from '../support/docker-cli.ts';
import { ENGINE_VERSIONS, type EngineVersion } from '../support/engine-install.ts';
import { EngineRefused, startEngine, type Engine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { opensslPairs, type OpensslFiles } from '../support/openssl-pairs.ts';
import { temporaryFolder } from '../support/temp.ts';
import { tlsRequest } from '../support/tls-client.ts';

// The tools of the other tests, tried without docker-mtls: what fails here says nothing about docker-mtls.

type Running = { readonly engine: Engine; readonly port: number; readonly files: OpensslFiles };

async function startWithOpenssl(version: EngineVersion): Promise<Running> {
  const folder = temporaryFolder();
  const files = await opensslPairs(folder);
  const port = await freePort();
  const configFile = path.join(folder, 'daemon.json');
  const config = {
    hosts: [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`],
    tlsverify: true,
    tlscacert: files.ca,
    tlscert: files.server.certificate,
    tlskey: files.server.key,
  };
  fs.writeFileSync(configFile, JSON.stringify(config));
  return { engine: await startEngine({ version, configFile }), port, files };
}

function read(file: string): string {
  return fs.readFileSync(file, 'utf8');
}

describe.each([...ENGINE_VERSIONS])('engine %s', (version) => {
  describeNeeding(
    [...engineNeeds(version), 'openssl', 'docker command'],
    'with TLS files made by openssl',
    () => {
      test('answers its client, refuses a client without a certificate, runs a container and ends', async () => {
        const { engine, port, files } = await startWithOpenssl(version);
        expect(engine.version).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`, 'u'));
        const pair = { certificate: read(files.client.certificate), key: read(files.client.key) };
        const request = { host: '127.0.0.1', port, ca: read(files.ca) };
        expect(await tlsRequest({ ...request, pair })).toEqual({ status: 200, body: 'OK' });
        expect(await tlsRequest(request)).toHaveProperty('refused');

        await importBusybox(engine);
        const echo = ['run', '--rm', '--network', 'none', BUSYBOX, 'echo', 'from inside'];
        expect(await docker(['--host', `unix://${engine.socket}`, ...echo])).toMatchObject({
          code: 0,
          stdout: 'from inside\n',
        });

        await engine.stop();
        expect(fs.existsSync(`/proc/${engine.pid}`)).toBe(false);
        expect(await tlsRequest({ ...request, pair })).toHaveProperty('refused');
      });
    },
  );
});

describeNeeding(engineNeeds('28.5'), 'an engine that cannot use its files', () => {
  test('is reported with what it said', async () => {
    const folder = temporaryFolder();
    const configFile = path.join(folder, 'daemon.json');
    fs.writeFileSync(configFile, JSON.stringify({ hosts: [`unix://${folder}/d.sock`], tlscert: 7 }));
    const start = startEngine({ version: '28.5', configFile });
    await expect(start).rejects.toThrow(/cannot unmarshal number into Go struct field/u);
    await expect(start).rejects.toBeInstanceOf(EngineRefused);
  });
});

describeNeeding(
  [...engineNeeds('26.1'), 'openssl', 'docker command'],
  'an engine on its usual socket',
  () => {
    test('has one of its own, which the machine does not see', async () => {
      const configFile = path.join(temporaryFolder(), 'daemon.json');
      fs.writeFileSync(configFile, JSON.stringify({ hosts: ['unix:///var/run/docker.sock'] }));
      const engine = await startEngine({ version: '26.1', configFile });
      const version = ['--host', `unix://${engine.socket}`, 'version', '--format', '{{.Server.Version}}'];
      expect(await docker(version)).toMatchObject({ code: 0, stdout: `${engine.version}\n` });
      expect(engine.socket).toBe(`/proc/${engine.pid}/root/run/docker.sock`);
    });
  },
);

describeNeeding([...engineNeeds('28.5'), 'openssl', 'docker command'], 'several engines', () => {
  test('run beside each other', async () => {
    const engines = await Promise.all(ENGINE_VERSIONS.map(startWithOpenssl));
    for (const { port, files } of engines) {
      const pair = { certificate: read(files.client.certificate), key: read(files.client.key) };
      expect(await tlsRequest({ host: '127.0.0.1', port, ca: read(files.ca), pair })).toMatchObject({
        status: 200,
      });
    }
  });
});
