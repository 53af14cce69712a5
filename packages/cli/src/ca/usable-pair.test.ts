import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { P256, requestDer, requestPem } from '../../../../test/hostile/request-maker.ts';
import { NOW } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';
import type { ProcessOutcome } from '../outcome.ts';

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-server', 'node1', '--ttl', '1h'], ['issue-client', 'alice', '--ttl', '1h']);
  fs.writeFileSync(path.join(ca.folder, 'node2.csr'), requestPem(requestDer(P256)));
  fs.writeFileSync(path.join(ca.folder, 'people.txt'), 'alice\n');
});

// The CA is older than what it issues then, so that it is not the CA that is refused.
const aMonthLater = (): Date => new Date(NOW.getTime() + 30 * 86_400_000);
const aDayBefore = (): Date => new Date(NOW.getTime() - 86_400_000);

async function state(): Promise<unknown> {
  return [fs.readdirSync(ca.folder).toSorted(), (await ca.current('client', 'zoe')).serial];
}

function anHourLater(line: string): Promise<ProcessOutcome> {
  return main(line.split(' '), { ...ca.io, now: () => new Date(NOW.getTime() + 3_600_000) });
}

describe('an hour later', () => {
  test.each([
    'bundle alice',
    'bundle --names people.txt --for node1 -o out',
    'context create node1 --client alice --for node1',
    'daemon-config --server node1 --config daemon.json',
  ])('%s hands on nothing that has ended', async (line) => {
    const { exitCode, stderr } = await anHourLater(line);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^docker-mtls: error: the certificate of the \w+ "\w+" ended on .*\nhint: .* renew --kind/u,
    );
    expect(fs.readdirSync(ca.folder).toSorted()).toEqual(['ca', 'node2.csr', 'people.txt']);
  });
});

describe('with a clock that is behind', () => {
  beforeAll(async () => {
    for (const line of ['issue-client zoe', 'issue-server late'])
      await main(line.split(' '), { ...ca.io, now: aMonthLater });
  });

  test.each([
    ['bundle zoe'],
    ['context create late --client zoe --for late'],
    ['daemon-config --server late --config daemon.json'],
    ['secure late --client zoe --config daemon.json'],
  ])('%s hands on nothing that has not begun', async (line) => {
    const before = await state();
    const { exitCode, stderr } = await ca.run(...line.split(' '));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        / begins on .*, and it is .* here\nhint: check the clock .* renew --kind/u,
      ),
    });
    expect(await state()).toEqual(before);
  });

  test('secure changes nothing where even the CA has not begun', async () => {
    const before = await state();
    const line = 'secure late --client zoe --config daemon.json';
    expect(await main(line.split(' '), { ...ca.io, now: aDayBefore })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('the CA certificate begins'),
    });
    expect(await state()).toEqual(before);
  });
});

describe('a server whose key is where its request was made', () => {
  const config = ['--config', 'daemon.json'];
  const refused = {
    exitCode: 1,
    stderr: expect.stringMatching(/the key of the server "node2" is not in .*\nhint: .*--certs-dir/u),
  };
  let issued: ProcessOutcome;

  beforeAll(async () => {
    issued = await ca.run('issue-server', 'node2', '--csr', 'node2.csr');
  });

  test('is no server for an engine that would look for the key here', async () => {
    expect(await ca.run('daemon-config', '--server', 'node2', ...config)).toMatchObject(refused);
    expect(await ca.run('secure', 'node2', '--client', 'alice', ...config)).toMatchObject(refused);
    expect(fs.existsSync(path.join(ca.folder, 'daemon.json'))).toBe(false);
  });

  test('is one for an engine that finds it where it is', async () => {
    expect(issued.stdout).toContain('next: docker-mtls daemon-config --server node2 --certs-dir ');
    const words = ['daemon-config', '--server', 'node2', '--certs-dir', '/etc/docker/tls', ...config];
    expect(await ca.run(...words)).toMatchObject({ exitCode: 0 });
    expect(fs.readFileSync(path.join(ca.folder, 'daemon.json'), 'utf8')).toContain(
      '"/etc/docker/tls/server-key.pem"',
    );
  });
});

test('the next command after a copy names the folder of the copy', async () => {
  const { stdout } = await ca.run('issue-server', 'node3', '--out', 'copy');
  expect(stdout).toContain(
    `next: docker-mtls daemon-config --server node3 --certs-dir ${path.join(ca.folder, 'copy')}\n`,
  );
});
