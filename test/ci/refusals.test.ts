import fs from 'node:fs';
import path from 'node:path';
import { defaultPipelineFolder, githubSecret } from '@docker-mtls/ci';
import { expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { run, searchPath, type Finished } from '../support/run.ts';
import { writeCertPath } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { issuePair, makeAuthority } from '../support/test-ca.ts';

// What the scripts refuse before they talk to any engine.

const SCRIPTS = path.join(defaultPipelineFolder(), 'scripts');
const { authority, pem } = makeAuthority('A CA', 'ec-p256');
const pair = issuePair(authority, 'client', { name: 'ci-uat' });

type Variables = Readonly<Record<string, string>>;

function bound(files: { readonly certificate: string; readonly key: string } = pair): Variables {
  const folder = writeCertPath(pem, files);
  return {
    DOCKER_CA: path.join(folder, 'ca.pem'),
    DOCKER_CERT: path.join(folder, 'cert.pem'),
    DOCKER_KEY: path.join(folder, 'key.pem'),
    DOCKER_ENGINE: 'tcp://localhost:1',
  };
}

function fromSecret(): Variables {
  const secret = githubSecret({ ca: pem, ...pair });
  return { DOCKER_MTLS_BUNDLE: secret, DOCKER_ENGINE: 'localhost' };
}

async function verify(
  env: Variables,
): Promise<{ readonly finished: Finished; readonly left: readonly string[] }> {
  const home = temporaryFolder();
  const finished = await run('sh', [path.join(SCRIPTS, 'with-engine.sh'), 'uat', 'verify'], {
    cwd: home,
    env: { PATH: searchPath(), HOME: home, TMPDIR: home, ...env },
  });
  return { finished, left: fs.readdirSync(home).filter((name) => name.startsWith('docker-mtls')) };
}

test.each([
  { name: 'no engine', env: { ...bound(), DOCKER_ENGINE: '' }, says: 'uat: DOCKER_ENGINE is empty' },
  {
    name: 'an engine without TLS',
    env: { ...bound(), DOCKER_ENGINE: 'unix:///var/run/docker.sock' },
    says: 'uat: DOCKER_ENGINE is unix:///var/run/docker.sock, which has no TLS',
  },
  { name: 'no key', env: { ...bound(), DOCKER_KEY: '' }, says: 'uat: DOCKER_KEY is empty' },
  {
    name: 'a file that is not there',
    env: { ...bound(), DOCKER_CERT: '/nowhere/cert.pem' },
    says: 'uat: DOCKER_CERT names /nowhere/cert.pem, which is not there or empty',
  },
  {
    name: 'a secret that is no archive',
    env: { DOCKER_MTLS_BUNDLE: 'bm90IGFuIGFyY2hpdmU=', DOCKER_ENGINE: 'localhost' },
    says: 'uat: DOCKER_MTLS_BUNDLE is not what docker-mtls ci export wrote',
  },
  {
    name: 'a secret that is no base64',
    env: { DOCKER_MTLS_BUNDLE: '***', DOCKER_ENGINE: 'localhost' },
    says: 'uat: DOCKER_MTLS_BUNDLE is not what docker-mtls ci export wrote',
  },
  {
    name: 'the key of another pair',
    env: bound({ ...pair, key: issuePair(authority, 'client', { name: 'ci-uat' }).key }),
    says: 'uat: key and certificate do not belong together',
  },
  {
    name: 'a certificate that is none',
    env: bound({ ...pair, certificate: 'nonsense' }),
    says: 'uat: the client certificate cannot be read',
  },
])('refuses $name', async ({ env, says }) => {
  const { finished, left } = await verify(env);
  expect(finished).toMatchObject({ code: 1, stderr: expect.stringContaining(`.sh: error: ${says}\n`) });
  expect(finished.stderr + finished.stdout).not.toContain('PRIVATE');
  expect(left).toEqual([]);
});

test('says that an engine cannot be reached', async () => {
  const port = await freePort();
  const { finished, left } = await verify({ ...bound(), DOCKER_ENGINE: `localhost:${port}` });
  expect(finished.code).toBe(1);
  expect(finished.stderr).toMatch(
    /error: uat: tcp:\/\/localhost:\d+ does not serve these credentials\n.*hint: this agent does not reach the engine/u,
  );
  expect(left).toEqual([]);
});

test.each([
  { name: 'links to bound files', env: bound(), modes: ['700', '777 ca.pem', '777 cert.pem', '777 key.pem'] },
  {
    name: 'an unpacked secret',
    env: fromSecret(),
    modes: ['700', '644 ca.pem', '644 cert.pem', '600 key.pem'],
  },
])('takes $name away when the job is stopped', async ({ env, modes }) => {
  const home = temporaryFolder();
  const folder = path.join(home, 'scripts');
  fs.cpSync(SCRIPTS, folder, { recursive: true });
  // A script that looks at what it got, and is then told to stop as a runner tells it.
  const look =
    'stat -c %a "$DOCKER_CERT_PATH"; cd "$DOCKER_CERT_PATH" && stat -c "%a %n" *; kill -TERM "$PPID"\n';
  fs.writeFileSync(path.join(folder, 'look.sh'), look);
  const tmp = path.join(home, 'tmp');
  fs.mkdirSync(tmp);
  const { code, stdout } = await run('sh', [path.join(folder, 'with-engine.sh'), 'uat', 'look'], {
    cwd: home,
    env: { PATH: searchPath(), HOME: home, TMPDIR: tmp, ...env },
  });
  expect({ code, stdout }).toEqual({ code: 143, stdout: `${modes.join('\n')}\n` });
  expect(fs.readdirSync(tmp)).toEqual([]);
});
