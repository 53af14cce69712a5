import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { beforeAll, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { which } from '../support/engine-install.ts';
import { run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { issuePair, makeAuthority } from '../support/test-ca.ts';
import { AS_EXPECTED, lastsADay } from './day.ts';
import { describeArm64 } from './describe-arm64.ts';
import { buildExecutable, IS_FULL_RELEASE } from './executable.ts';

const built = await buildExecutable();
const EXECUTABLE = built.obstacle === undefined ? built.file : '';

type Where = {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
};

/** Runs the executable with no environment but this. */
function executable(
  words: readonly string[],
  { home, env = {}, program = EXECUTABLE }: Where,
): Promise<Finished> {
  return run(program, words, { cwd: home, env: { HOME: home, ...env } });
}

describeUnless(built.obstacle, 'the single executable', () => {
  let home: string;
  beforeAll(() => {
    home = temporaryFolder();
  });

  test('says which Node it brings', async () => {
    const { stdout } = await executable(['--version'], { home });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+, with Node\.js 24\.\d+\.\d+\n$/);
  });

  test('does the work of a day with no other file of the program', async () => {
    const alone = path.join(home, 'docker-mtls');
    fs.copyFileSync(EXECUTABLE, alone, fs.constants.COPYFILE_FICLONE);
    const ended = await lastsADay(home, (words) => executable(words, { home, program: alone }));
    expect(ended).toEqual(AS_EXPECTED);
    expect(fs.readlinkSync(path.join(home, '.docker/cli-plugins/docker-mtls'))).toBe(alone);
  });
});

/** A file that leaves a mark when it is loaded as code. */
function plant(file: string, mark: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`);
}

describeUnless(built.obstacle, 'the single executable loads no code', () => {
  let home: string;
  let mark: string;
  let clean: Finished;
  beforeAll(async () => {
    home = temporaryFolder();
    mark = path.join(home, 'mark');
    await executable(['init-ca'], { home });
    clean = await executable(['list'], { home });
    if (clean.code !== 0) throw new Error(clean.stderr);
  });

  test('of NODE_OPTIONS', async () => {
    plant(path.join(home, 'planted.cjs'), mark);
    const env = { NODE_OPTIONS: `--require ${home}/planted.cjs` };
    expect(await executable(['list'], { home, env })).toEqual(clean);
    expect(fs.existsSync(mark)).toBe(false);
    // The same would have had Node load it.
    await run(process.execPath, ['-e', ''], { env });
    expect(fs.existsSync(mark)).toBe(true);
    fs.rmSync(mark);
  });

  test('of a module that OPENSSL_CONF names', async () => {
    const conf = path.join(home, 'openssl.cnf');
    const sections = ['nodejs_conf = init', '[init]', 'providers = list', '[list]', 'planted = section'];
    fs.writeFileSync(
      conf,
      [...sections, '[section]', `module = ${home}/planted.so`, 'activate = 1', ''].join('\n'),
    );
    const env = { OPENSSL_CONF: conf };
    expect(await executable(['list'], { home, env })).toEqual(clean);
    // Node itself reads it, and ends because it cannot load the module.
    const tried = await run(process.execPath, ['-e', ''], { env });
    expect(tried.code).not.toBe(0);
  });

  test('of NODE_COMPILE_CACHE', async () => {
    const cache = path.join(home, 'cache');
    expect(await executable(['list'], { home, env: { NODE_COMPILE_CACHE: cache } })).toEqual(clean);
    const files = fs.existsSync(cache)
      ? fs.readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      : [];
    expect(files).toEqual([]);
  });

  test('of node_modules, in the folder at work, next to it and on NODE_PATH', async () => {
    const program = path.join(home, 'bin/docker-mtls');
    for (const folder of [home, path.join(home, 'bin'), path.join(home, 'path')]) {
      for (const name of ['libsql', 'yargs', 'execa', 'tar', 'fs', 'node:fs', 'lib'])
        plant(path.join(folder, 'node_modules', name, 'index.js'), mark);
      plant(path.join(folder, 'lib/start.js'), mark);
      plant(path.join(folder, 'docker-mtls.cjs'), mark);
    }
    fs.copyFileSync(EXECUTABLE, program, fs.constants.COPYFILE_FICLONE);
    const env = { NODE_PATH: path.join(home, 'path/node_modules') };
    expect(await executable(['list'], { home, env, program })).toEqual(clean);
    for (const line of ['issue-client alice', 'bundle alice -o a.tgz', 'exec alice --for h -- true'])
      expect(await executable(line.split(' '), { home, env, program })).toMatchObject({ code: 0 });
    expect(fs.existsSync(mark)).toBe(false);
  });
});

/** What a part of the program obeys, of Node, OpenSSL, ICU, SQLite or the C library, or once did. */
const VARIABLES =
  'CARES_HOSTS GCONV_PATH HOSTALIASES ICU_DATA ICU_TIMEZONE_FILES_DIR LOCPATH MALLOC_TRACE NODE_COMPILE_CACHE ' +
  'NODE_EXTRA_CA_CERTS NODE_ICU_DATA NODE_PATH NODE_REDIRECT_WARNINGS NODE_REPL_EXTERNAL_MODULE NODE_REPL_HISTORY ' +
  'NODE_RUN_PACKAGE_JSON_PATH NODE_V8_COVERAGE OPENSSL_CONF OPENSSL_CONF_INCLUDE OPENSSL_ENGINES OPENSSL_MODULES ' +
  'QLOGDIR SQLITE_TMPDIR SSLKEYLOGFILE SSL_CERT_DIR SSL_CERT_FILE TZDIR';

if (built.obstacle === undefined)
  describeNeeding(['strace'], 'the single executable and the files that it looks for', () => {
    test('are none that the environment names, or that are where it works', async () => {
      const home = temporaryFolder();
      await impostor(home);
      const planted = path.join(temporaryFolder(), 'planted');
      for (const name of ['.env', 'package.json', 'node.config.json', 'node_modules/yargs/index.js'])
        plant(path.join(planted, name), path.join(home, 'mark'));
      const env = {
        ...Object.fromEntries(VARIABLES.split(' ').map((name) => [name, planted])),
        NODE_OPTIONS: `--require ${planted}/node_modules/yargs/index.js`,
        NODE_USE_SYSTEM_CA: '1',
        HOME: home,
      };
      for (const line of ['list', 'context check node1']) {
        const words = ['-f', '-qq', '-e', 'trace=%file', EXECUTABLE, ...line.split(' ')];
        const { code, stderr } = await run(which('strace') ?? '', words, { cwd: planted, env });
        expect({ line, code }).toEqual({ line, code: line === 'list' ? 0 : 3 });
        const calls = stderr.split('\n').filter((each) => each.includes('"'));
        expect(calls.length).toBeGreaterThan(10);
        expect(calls.filter((each) => each.includes(planted) && !each.includes('getcwd('))).toEqual([]);
        expect(calls.filter((each) => each.includes('/etc/ssl'))).toEqual([]);
      }
    });
  });

/** A server of another CA, which a context of this test leads to. */
async function impostor(home: string): Promise<{ readonly ca: string }> {
  const { authority, pem } = makeAuthority('other CA', 'ec-p256');
  const pair = issuePair(authority, 'server', { name: 'node1', sans: ['127.0.0.1', 'localhost'] });
  const server = https.createServer({ cert: pair.certificate, key: pair.key }, (_, answer) =>
    answer.end('OK'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => void server.close());
  const { port } = server.address() as AddressInfo;
  for (const line of [
    'init-ca',
    'issue-client alice',
    `context create node1 --client alice --for tcp://127.0.0.1:${port}`,
  ])
    await executable(line.split(' '), { home });
  const ca = path.join(home, 'other-ca.pem');
  fs.writeFileSync(ca, pem);
  return { ca };
}

describeUnless(built.obstacle, 'the single executable verifies an engine', () => {
  let home: string;
  let ca: string;
  let refused: Finished;
  const check = (env: Readonly<Record<string, string>>): Promise<Finished> =>
    executable(['context', 'check', 'node1', '--json'], { home, env });
  beforeAll(async () => {
    home = temporaryFolder();
    ({ ca } = await impostor(home));
    refused = await check({});
  });

  test('which it does not trust', () => {
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ served: false });
  });

  test('whatever CAs NODE_EXTRA_CA_CERTS adds', async () => {
    const { code, stdout } = await check({ NODE_EXTRA_CA_CERTS: ca });
    expect({ code, stdout }).toEqual({ code: 3, stdout: refused.stdout });
  });

  test('whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { code, stdout } = await check({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: refused.stdout });
  });
});

if (IS_FULL_RELEASE) describeArm64();
