import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { SERVER, secureEngine, type SecuredEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { authorityOf, makeAuthority } from '../support/test-ca.ts';

// What `secure` says of the engine of a host: its addresses, its names and its files.

const VERSION = '28.5';

type Said = { readonly code: number | undefined; readonly stdout: string };

async function secure(
  host: SecuredEngine,
  listens: readonly string[],
  {
    prefix = [],
    flags = [],
  }: { readonly prefix?: readonly string[]; readonly flags?: readonly string[] } = {},
): Promise<Said> {
  const listen = listens.flatMap((address) => ['--listen', address]);
  const words = ['secure', SERVER, '--client', 'alice', '--config', host.configFile, ...listen, ...flags];
  const env = { DOCKER_MTLS_CA_DIR: host.caDirectory };
  const { code, stdout } = await cli(words, { home: host.home, env, prefix });
  return { code, stdout };
}

/** An engine with the same pair that takes everybody. */
function openEngine(host: SecuredEngine, address: string): Promise<Engine> {
  const folder = temporaryFolder();
  const configFile = path.join(folder, 'daemon.json');
  const config = JSON.parse(fs.readFileSync(host.configFile, 'utf8')) as Record<string, unknown>;
  const hosts = [`unix://${folder}/d.sock`, `tcp://${address}`];
  fs.writeFileSync(configFile, JSON.stringify({ ...config, hosts, tls: true, tlsverify: false }));
  return startEngine({ version: VERSION, configFile });
}

describeNeeding(
  [...engineNeeds(VERSION), 'docker command', 'static busybox', 'mounts'],
  'secure on a host with an engine',
  () => {
    let host: SecuredEngine;
    let own: readonly string[];
    beforeEach(async () => {
      host = await secureEngine(VERSION);
      own = [`127.0.0.1:${host.port}`, `[::1]:${host.port}`];
    });
    const caFile = (): string => path.join(host.caDirectory, 'servers', SERVER, 'ca.pem');

    test('is secured on both of its addresses', async () => {
      const { code, stdout } = await secure(host, own);
      expect(stdout).toContain(`+ secured: ${own.join(', ')}\n`);
      expect(stdout).not.toContain(' NO  ');
      expect(code).toBe(0);
    });

    test('is not secured where another engine on one of the addresses takes everybody', async () => {
      const other = `127.0.0.1:${await freePort()}`;
      await openEngine(host, other);
      const { code, stdout } = await secure(host, [...own, other]);
      expect(stdout).toContain(`! NOT secured: ${other}\n`);
      expect(stdout).toContain(' NO  a client with no certificate: ');
      expect(stdout).not.toContain('+ secured');
      expect(code).toBe(3);
    });

    test('is not secured where one of the addresses cannot be reached, and says which', async () => {
      const other = `127.0.0.1:${await freePort()}`;
      const { stdout } = await secure(host, [...own, other]);
      expect(stdout).toContain(`- not proven: no connection to ${other}\n`);
      expect(stdout).toContain(`${other}: no connection (the connection was refused)`);
      expect(stdout).not.toContain('+ secured');
    });

    test('is not secured where its name leads to an open engine too', async () => {
      const hosts = path.join(temporaryFolder(), 'hosts');
      fs.writeFileSync(hosts, `127.0.0.1 localhost ${SERVER}\n127.0.0.2 ${SERVER}\n`);
      await openEngine(host, `127.0.0.2:${host.port}`);
      const prefix = [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mount --bind ${hosts} /etc/hosts && exec "$@"`,
        'sh',
      ];
      const { code, stdout } = await secure(host, own, { prefix });
      expect(stdout).toContain(`! NOT secured: ${SERVER}:${host.port} (127.0.0.2)\n`);
      expect(code).toBe(3);
    });

    test('is not secured where tlscacert holds a CA with another key, though its name is the same', async () => {
      await host.engine.stop();
      const name = authorityOf(host.caDirectory).certificate.info.subject.commonName ?? '';
      fs.appendFileSync(caFile(), makeAuthority(name, 'ec-p256').pem);
      await startEngine({ version: VERSION, configFile: host.configFile });
      const { code, stdout } = await secure(host, own, { flags: ['--allow-cut-off'] });
      expect(stdout).toContain('! NOT secured: ');
      expect(stdout).toContain(`${caFile()}: the engine accepts clients of another CA too`);
      expect(code).toBe(3);
    });

    test('is not secured where tlscacert has changed since the engine started, back again or not', async () => {
      const ours = fs.readFileSync(caFile());
      const { atime, mtime } = fs.statSync(caFile());
      fs.writeFileSync(caFile(), Buffer.concat([ours, Buffer.from('\n')]));
      fs.writeFileSync(caFile(), ours);
      fs.utimesSync(caFile(), atime, mtime);
      const { code, stdout } = await secure(host, own);
      expect(stdout).toContain(`${caFile()} changed after the engine started`);
      expect(stdout).not.toContain('+ secured');
      expect(code).toBe(3);
    });

    test('is secured where another file has changed since, which is said', async () => {
      const text = fs.readFileSync(host.configFile, 'utf8');
      fs.writeFileSync(host.configFile, `${text}\n`);
      const { code, stdout } = await secure(host, own);
      expect(stdout).toContain('+ secured: ');
      expect(stdout).toContain(`${host.configFile} changed after the engine started`);
      expect(code).toBe(0);
    });
  },
);
