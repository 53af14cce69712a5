import { beforeAll, describe, expect, test } from '@jest/globals';
import { fakeIo } from '../testing/fake-io.ts';
import { makeTestCa } from '../testing/make-ca.ts';
import type { TestCa } from '../testing/make-ca.ts';
import { main } from './main.ts';

const NO_CA = fakeIo({ env: { DOCKER_MTLS_CA_DIR: '/nowhere/ca' } });
const BROKEN = fakeIo({
  env: { DOCKER_MTLS_CA_DIR: '/nowhere/ca' },
  machine: () => {
    throw new TypeError('out of cheese');
  },
});

describe('done', () => {
  let ca: TestCa;
  beforeAll(async () => {
    ca = await makeTestCa(['issue-client', 'alice']);
  });

  test('text on stdout, nothing on stderr, 0', async () => {
    expect(await ca.run('list')).toEqual({
      stdout: expect.stringMatching(/^KIND .*\n(?:.*\n)*client {2}alice/),
      stderr: '',
      exitCode: 0,
    });
  });

  test('with --json one object on a line', async () => {
    const { stdout, stderr, exitCode } = await ca.run('list', '--json');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(String(stdout))).toMatchObject({ certificates: [{ name: 'alice' }, { kind: 'ca' }] });
  });

  test('-o - puts the archive on stdout, byte for byte', async () => {
    const { stdout } = await ca.run('bundle', 'alice', '-o', '-');
    expect(Buffer.from(stdout).subarray(0, 3)).toEqual(Buffer.of(0x1f, 0x8b, 8));
  });

  test('help and version need no CA', async () => {
    const [help, version] = [await main(['list', '--help'], NO_CA), await main(['--version'], NO_CA)];
    expect(help).toMatchObject({
      stderr: '',
      exitCode: 0,
      stdout: expect.stringContaining('list [OPTIONS]'),
    });
    expect(version).toEqual({ stderr: '', exitCode: 0, stdout: '0.0.0-dev\n' });
  });
});

describe('refused', () => {
  const message = 'there is no CA in /nowhere/ca';
  const hint = 'docker-mtls init-ca makes one; --ca-dir names another directory';

  test('two lines on stderr, 1', async () => {
    expect(await main(['list'], NO_CA)).toEqual({
      stdout: '',
      stderr: `docker-mtls: error: ${message}\nhint: ${hint}\n`,
      exitCode: 1,
    });
  });

  test('with --json an object on stdout, and nothing on stderr', async () => {
    const { stdout, ...rest } = await main(['list', '--json'], NO_CA);
    expect(rest).toEqual({ stderr: '', exitCode: 1 });
    expect(JSON.parse(String(stdout))).toEqual({ error: { code: 'CA_DIRECTORY_NOT_FOUND', message, hint } });
  });

  test('what a terminal would act on is written out, in text and in JSON', async () => {
    const argv = ['show', './a\nb\u001b[31m\u202e'];
    const says = String.raw`cannot read /nowhere/a\u{a}b\u{1b}[31m\u{202e}: no such file`;
    const io = fakeIo({ cwd: '/nowhere' });
    expect((await main(argv, io)).stderr).toContain(says);
    const { stdout } = await main([...argv, '--json'], io);
    expect(JSON.parse(String(stdout))).toMatchObject({ error: { message: expect.stringContaining(says) } });
  });
});

describe('wrong usage', () => {
  test('is 2, with the way to the help', async () => {
    expect(await main(['list', '--frob'], NO_CA)).toEqual({
      stdout: '',
      stderr: 'docker-mtls: error: there is no option --frob here\nhint: docker-mtls list --help\n',
      exitCode: 2,
    });
  });

  test('that a command finds is 2 too', async () => {
    const { stdout, exitCode } = await main(['secure', 'node1.example.com', '--json'], NO_CA);
    expect(exitCode).toBe(2);
    expect(JSON.parse(String(stdout))).toMatchObject({ error: { code: 'USAGE' } });
  });
});

describe('a bug', () => {
  const apology =
    /docker-mtls: error: this is a bug in docker-mtls 0\.0\.0-dev, not a mistake of yours\nhint: please report/;

  test('is 70, with the stack to report', async () => {
    const { stdout, stderr, exitCode } = await main(['issue-server'], BROKEN);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 70 });
    expect(stderr).toMatch(/^TypeError: out of cheese\n {4}at /);
    expect(stderr).toMatch(apology);
  });

  test('with --json has its code on stdout', async () => {
    const { stdout, stderr, exitCode } = await main(['issue-server', '--json'], BROKEN);
    expect(exitCode).toBe(70);
    expect(JSON.parse(String(stdout))).toMatchObject({ error: { code: 'BUG' } });
    expect(stderr).toMatch(apology);
  });
});
