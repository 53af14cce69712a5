import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { BUNDLE, cli, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { docker } from '../support/docker-cli.ts';
import { eventually } from '../support/eventually.ts';
import { searchPath, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

/** A user whose Docker CLI has the program as a plugin. */
async function userWithPlugin(): Promise<string> {
  const home = temporaryFolder();
  await cliJson(['plugin', 'install'], { home });
  await cliJson(['init-ca'], { home });
  await cliJson(['issue-client', 'alice'], { home });
  await cliJson(['context', 'create', 'node1', '--client', 'alice', '--for', 'tcp://127.0.0.1:1'], { home });
  return home;
}

describe.each(['20.10', '26.1', '28.5'] as const)('docker %s', (version) => {
  describeNeeding([`engine ${version}`], 'with the plugin', () => {
    let home: string;
    beforeAll(async () => {
      home = await userWithPlugin();
    });
    const run = (...argv: readonly string[]): Promise<Finished> => docker(argv, { version, home });

    test('lists it in its help', async () => {
      const { stdout } = await run('--help');
      expect(stdout).toMatch(/^ {2}mtls\* +Certificate authority and mutual TLS/m);
    });

    test('runs its commands with their output and exit codes', async () => {
      expect(await run('mtls', 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining('alice') });
      expect(await run('mtls', 'show', '/missing')).toMatchObject({ code: 1, stdout: '' });
      expect(await run('mtls', 'list', '--frob')).toEqual({
        code: 2,
        signal: undefined,
        stdout: '',
        stderr: 'docker-mtls: error: there is no option --frob here\nhint: docker mtls list --help\n',
      });
    });

    test.each([
      ['mtls --help', 'docker mtls COMMAND [OPTIONS]'],
      ['help mtls', 'docker mtls COMMAND [OPTIONS]'],
      ['help mtls context create', 'docker mtls context create <context> [OPTIONS]'],
      ['mtls list --help', 'docker mtls list [OPTIONS]'],
      ['mtls help list', 'docker mtls list [OPTIONS]'],
    ])('%s shows the help in its own spelling', async (argv, line) => {
      const { code, stdout } = await run(...argv.split(' '));
      expect({ code, hasLine: stdout.split('\n').includes(line) }).toEqual({ code: 0, hasLine: true });
      expect(stdout).not.toMatch(/docker-mtls [a-zC[]/);
    });

    test('hands its --context, --host and --config on', async () => {
      const checked = await run('--context', 'node1', 'mtls', 'context', 'check', '--json');
      expect(checked.code).toBe(3);
      expect(JSON.parse(checked.stdout)).toMatchObject({ context: 'node1' });
      const elsewhere = temporaryFolder();
      fs.cpSync(path.join(home, '.docker/cli-plugins'), path.join(elsewhere, 'cli-plugins'), {
        recursive: true,
        verbatimSymlinks: true,
      });
      const listed = await run('--config', elsewhere, 'mtls', 'context', 'list', '--json');
      expect(JSON.parse(listed.stdout)).toMatchObject({ contexts: [] });
      const over = await run('-H', 'tcp://127.0.0.1:2', 'mtls', 'context', 'check', 'node1');
      expect(over.stdout).toContain('DOCKER_HOST is set');
    });

    test('does not reach the programs that it runs', async () => {
      const printing = ['--', 'env'];
      const { stdout } = await run('mtls', 'exec', 'alice', '--for', 'node1', ...printing);
      expect(stdout).toContain('DOCKER_CERT_PATH=');
      expect(stdout).not.toMatch(/DOCKER_CLI_PLUGIN|docker\.cli\.|DOCKER_MTLS_/);
    });
  });
});

describe.each(['26.1', '28.5'] as const)('docker %s', (version) => {
  describeNeeding([`engine ${version}`], 'when words are completed', () => {
    test('asks the plugin', async () => {
      const home = temporaryFolder();
      await cliJson(['plugin', 'install'], { home });
      const { stdout } = await docker(['__complete', 'mtls', 'context', 'u'], { version, home });
      const words = stdout.split('\n').map((line) => line.split('\t')[0]);
      expect(words).toEqual(expect.arrayContaining(['update', 'use', ':4']));
      expect(words).not.toContain('list');
    });
  });
});

test('the metadata is one JSON object, for which no file is read', async () => {
  const { code, stdout, stderr } = await cli(['docker-cli-plugin-metadata'], {
    env: { DOCKER_MTLS_CA_DIR: '/proc/self/mem' },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ SchemaVersion: '0.1.0', Vendor: 'docker-mtls' });
});

test('the plugin ends when docker closes its socket', async () => {
  const home = temporaryFolder();
  await cliJson(['init-ca'], { home });
  await cliJson(['issue-client', 'alice'], { home });
  const name = `docker_cli_${process.pid}_${path.basename(home)}`;
  const connections: net.Socket[] = [];
  const server = net.createServer((socket) => connections.push(socket)).listen({ path: `\0${name}` });
  onCleanup(() => void server.close());
  const started = path.join(home, 'started');
  const waiting = `trap 'exit 9' TERM; : > ${started}; for i in $(seq 300); do sleep 0.1; done`;
  const child = spawn(
    process.execPath,
    [BUNDLE, 'mtls', 'exec', 'alice', '--for', 'node1', '--', 'sh', '-c', waiting],
    {
      stdio: 'ignore',
      env: {
        PATH: searchPath(),
        HOME: home,
        DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker',
        DOCKER_CLI_PLUGIN_SOCKET: `@${name}`,
      },
    },
  );
  onCleanup(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await eventually(() => expect(connections).toHaveLength(1));
  await eventually(() => expect(fs.existsSync(started)).toBe(true));
  connections[0]?.destroy();
  expect(await ended).toEqual([9, null]);
});
