import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { cli, cliJson } from '../support/cli.ts';
import { docker } from '../support/docker-cli.ts';
import { output } from '../support/run.ts';
import type { Finished } from '../support/run.ts';
import { secureEngine, type SecuredEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { listing } from '../hostile/listing.ts';

const SERVER_VERSION = ['version', '--format', '{{.Server.Version}}'];

describeNeeding([...engineNeeds('installed'), 'docker command'], 'from a bundle to an engine', () => {
  let secured: SecuredEngine;
  let host: string;
  let bundles: string;

  beforeAll(async () => {
    secured = await secureEngine('installed');
    host = `localhost:${secured.port}`;
    bundles = temporaryFolder();
  });

  /** Runs a command where the CA is. */
  function atCa(...argv: readonly string[]): ReturnType<typeof cliJson> {
    const env = { DOCKER_MTLS_CA_DIR: secured.caDirectory, DOCKER_CONFIG: path.join(bundles, 'docker') };
    return cliJson(argv, { home: bundles, env });
  }

  /** What a client that the engine serves is told. */
  function served(): unknown {
    const stdout = expect.stringContaining(secured.engine.version) as unknown;
    return { code: 0, signal: undefined, stdout, stderr: '' };
  }

  function exec(...words: readonly string[]): Promise<Finished> {
    const argv = ['exec', 'alice', '--for', host, '--', ...words];
    const home = temporaryFolder();
    const env = { DOCKER_MTLS_CA_DIR: secured.caDirectory, DOCKER_CONFIG: home };
    return cli(argv, { home, env, input: 'typed' });
  }

  test('bundle, unbundle --install, docker --context', async () => {
    await atCa('bundle', 'alice', '--for', host);
    const home = temporaryFolder();
    const { contexts } = await cliJson(['unbundle', path.join(bundles, 'alice.tar.gz'), '--install'], {
      home,
    });
    const [{ name }] = contexts as [{ name: string }];
    expect(await docker(['--context', name, ...SERVER_VERSION], { home })).toEqual(served());
  });

  test('request, issue-client --csr, bundle, unbundle --key', async () => {
    const home = temporaryFolder();
    await cliJson(['request', 'bob'], { home });
    await atCa('issue-client', 'bob', '--csr', path.join(home, 'bob.csr'));
    await atCa('bundle', 'bob', '--csr', path.join(home, 'bob.csr'), '--for', host);
    const argv = [
      'unbundle',
      path.join(bundles, 'bob.tar.gz'),
      '--key',
      'bob-key.pem',
      '--install',
      '--name',
      'prod',
    ];
    await cliJson(argv, { home });
    expect(await docker(['--context', 'prod', ...SERVER_VERSION], { home })).toEqual(served());
  });

  test('context create, for one terminal and for all', async () => {
    await atCa('context', 'create', 'node1', '--client', 'alice', '--for', host);
    const env = { DOCKER_CONFIG: path.join(bundles, 'docker') };
    expect(await docker(SERVER_VERSION, { env: { ...env, DOCKER_CONTEXT: 'node1' } })).toEqual(served());
    await atCa('context', 'use', 'node1');
    expect(await docker(SERVER_VERSION, { env })).toEqual(served());
  });

  describe('exec', () => {
    test('reaches the engine', async () => {
      expect(await exec('docker', ...SERVER_VERSION)).toEqual(served());
    });

    test("hands on the program's words, output and exit code", async () => {
      const script = 'printf "%s|" "$@"; cat; echo oops >&2; exit 42';
      const finished = await exec('sh', '-c', script, 'sh', '', 'a b', '--json');
      expect(finished).toEqual({
        code: 42,
        signal: undefined,
        stdout: '|a b|--json|typed',
        stderr: 'oops\n',
      });
    });

    test('hands on signals, and ends by the one that ended the program', async () => {
      const trapping =
        'trap "echo bye; exit 7" TERM; kill -TERM $PPID; for i in $(seq 600); do sleep 0.1; done; exit 8';
      expect(await exec('sh', '-c', trapping)).toMatchObject({ code: 7, stdout: 'bye\n' });
      expect(await exec('sh', '-c', 'kill -TERM $$')).toMatchObject({ code: undefined, signal: 'SIGTERM' });
    });

    test('leaves nothing behind', async () => {
      const before = listing(secured.caDirectory);
      await exec('true');
      expect(listing(secured.caDirectory)).toEqual(before);
    });
  });
});

describeNeeding(['docker command'], 'without an engine', () => {
  test("context create writes the very files of the Docker CLI's own", async () => {
    const home = temporaryFolder();
    await cliJson(['init-ca'], { home });
    await cliJson(['issue-client', 'alice'], { home });
    await cliJson(
      ['context', 'create', 'prod', '--client', 'alice', '--for', 'node1', '--description', 'x'],
      {
        home,
      },
    );
    const theirs = temporaryFolder();
    const files = path.join(home, '.local/share/docker-mtls/clients/alice');
    const parts = [
      'host=tcp://node1:2376',
      ...['ca', 'cert', 'key'].map((kind) => `${kind}=${files}/${kind}.pem`),
    ];
    const argv = ['context', 'create', 'prod', '--description', 'x', '--docker', parts.join(',')];
    expect(await docker(argv, { home: theirs })).toMatchObject({ code: 0 });
    const contexts = '.docker/contexts';
    expect(listing(path.join(home, contexts))).toEqual(listing(path.join(theirs, contexts)));
  });

  test('the archives of bundle are what other tools expect', async () => {
    const home = temporaryFolder();
    await cliJson(['init-ca'], { home });
    await cliJson(['issue-client', 'alice'], { home });
    await cliJson(['bundle', 'alice', '--for', 'node1'], { home });
    const names = await output('tar', ['-tzf', path.join(home, 'alice.tar.gz')]);
    expect(names.split('\n')).toContain('alice/alice.dockercontext');
    await cliJson(['bundle', 'alice', '--for', 'node1', '--layout', 'context'], { home });
    const imported = await docker(['context', 'import', 'n1', path.join(home, 'alice.dockercontext')], {
      home,
    });
    expect(imported).toMatchObject({ code: 0 });
    expect(fs.existsSync(path.join(home, '.docker/contexts/meta'))).toBe(true);
  });
});
