import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { cli, cliJson } from '../support/cli.ts';
import type { CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temp.ts';

const NAME = 'node1.example.com';

/** As many as who serves a name may give it. */
const MANY = Array.from({ length: 1000 }, (_, at) => `127.9.${1 + Math.floor(at / 250)}.${(at % 250) + 1}`);

/** A machine on which the name has these addresses. */
function withHosts(addresses: readonly string[]): CliOptions {
  const home = temporaryFolder();
  const hosts = path.join(home, 'hosts');
  const lines = addresses.map((each) => `${each} ${NAME}\n`);
  fs.writeFileSync(hosts, `127.0.0.1 localhost\n${lines.join('')}`);
  const script = `mount --bind ${hosts} /etc/hosts && exec "$@"`;
  return { home, prefix: ['unshare', '--mount', 'sh', '-c', script, 'sh'] };
}

/** Something that takes connections at these ports of one address. */
function listenAt(host: string, ports: readonly number[]): Promise<unknown> {
  return Promise.all(
    ports.map((port) => {
      const server = net.createServer((socket) => void socket.on('error', () => undefined).destroy());
      onCleanup(() => void server.close());
      return new Promise<void>((resolve) => void server.listen(port, host, resolve));
    }),
  );
}

describeNeeding(['mounts'], 'a name with several addresses', () => {
  test('doctor reports an address at which neither of the usual ports takes connections', async () => {
    await listenAt('127.9.0.1', [2376]);
    const { stdout } = await cli(['doctor', `tcp://${NAME}`], withHosts(['127.9.0.1', '127.9.0.2']));
    expect(stdout).toContain(`not seen: tcp://${NAME}:2376 (127.9.0.2): the connection was refused\n`);
    expect(stdout).toContain(`not seen: tcp://${NAME}:2375 (127.9.0.2): the connection was refused\n`);
    expect(stdout).not.toContain('(127.9.0.1): the connection was refused');
  });
});

describeNeeding(['mounts'], 'a name with 1,000 addresses', () => {
  test('doctor asks some of them, and says that there are more', async () => {
    const target = `tcp://${NAME}:${await freePort()}`;
    const { code, stdout } = await cli(['doctor', target], withHosts(MANY));
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(`; 992 more addresses of ${NAME}: only the first 8 are asked\n`),
    });
  });

  test('check stops where enough of them do not answer, and says how many are left', async () => {
    const options = withHosts(MANY);
    await cliJson(['init-ca', '--ca-dir', 'ca'], options);
    await cliJson(['issue-server', NAME, '--ca-dir', 'ca'], options);
    await cliJson(['issue-client', 'alice', '--ca-dir', 'ca'], options);
    const words = ['check', `${NAME}:${await freePort()}`, '--ca-dir', 'ca'];
    const { code, stdout } = await cli(words, options);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(`\nnot checked: 992 more addresses of ${NAME} (`),
    });
  });
});
