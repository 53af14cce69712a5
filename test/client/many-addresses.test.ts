import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import type { CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temp.ts';

const NAME = 'node1.example.com';

/** A machine on which a name has 1,000 addresses, as who serves a name may decide. */
function withAddresses(): CliOptions {
  const home = temporaryFolder();
  const hosts = path.join(home, 'hosts');
  const lines = Array.from(
    { length: 1000 },
    (_, at) => `127.9.${1 + Math.floor(at / 250)}.${(at % 250) + 1}`,
  );
  fs.writeFileSync(hosts, `127.0.0.1 localhost\n${lines.map((each) => `${each} ${NAME}\n`).join('')}`);
  const script = `mount --bind ${hosts} /etc/hosts && exec "$@"`;
  return { home, prefix: ['unshare', '--mount', 'sh', '-c', script, 'sh'] };
}

describeNeeding(['mounts'], 'a name with 1,000 addresses', () => {
  test('doctor asks some of them, and says that there are more', async () => {
    const target = `tcp://${NAME}:${await freePort()}`;
    const { code, stdout } = await cli(['doctor', target], withAddresses());
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(`; 992 more addresses of ${NAME}: only the first 8 are asked\n`),
    });
  });

  test('check stops where enough of them do not answer, and says how many are left', async () => {
    const options = withAddresses();
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
