import { createPrivateKey } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { defaultPipelineFolder, githubSecret } from '@docker-mtls/ci';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { which } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { run, searchPath, type Finished } from '../support/run.ts';
import { writeCertPath } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { days, issuePair, makeAuthority } from '../support/test-ca.ts';

// What the scripts refuse before they talk to any engine.

const SCRIPTS = path.join(defaultPipelineFolder(), 'scripts');
const { authority, pem } = makeAuthority('A CA', 'ec-p256');
const pair = issuePair(authority, 'client', { name: 'ci-uat' });
const encrypted = createPrivateKey(pair.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' })
  .toString();

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

describeNeeding(
  ['openssl', 'docker command'],
  'the scripts of the pipeline, before they reach an engine',
  () => {
    test.each([
      { name: 'no engine', env: { ...bound(), DOCKER_ENGINE: '' }, says: 'uat: DOCKER_ENGINE is empty' },
      {
        name: 'an engine without TLS',
        env: { ...bound(), DOCKER_ENGINE: 'unix:///var/run/docker.sock' },
        says: 'uat: DOCKER_ENGINE is an address without TLS',
      },
      { name: 'no key', env: { ...bound(), DOCKER_KEY: '' }, says: 'uat: DOCKER_KEY is empty' },
      {
        name: 'a file that is not there',
        env: { ...bound(), DOCKER_CERT: '/nowhere/cert.pem' },
        says: 'uat: DOCKER_CERT is not the path of a file on this agent',
      },
      {
        name: 'a folder instead of a file',
        env: { ...bound(), DOCKER_CERT: '/' },
        says: 'uat: DOCKER_CERT names something that is not a regular file',
      },
      {
        name: 'the key itself instead of its path',
        env: { ...bound(), DOCKER_KEY: pair.key },
        says: 'uat: DOCKER_KEY contains the file itself instead of its path',
      },
      {
        name: 'the key itself on one line',
        env: { ...bound(), DOCKER_KEY: pair.key.replaceAll(/-----[^-]*-----|\n/gu, '') },
        says: 'uat: DOCKER_KEY is not the path of a file on this agent',
      },
      {
        name: 'the key in the place of the engine',
        env: { ...bound(), DOCKER_ENGINE: pair.key },
        says: 'uat: DOCKER_ENGINE is not the address of an engine',
      },
      {
        name: 'an option in the place of the engine',
        env: { ...bound(), DOCKER_ENGINE: '--tlsverify=false' },
        says: 'uat: DOCKER_ENGINE is not the address of an engine',
      },
      {
        name: 'a key that is none',
        env: bound({ ...pair, key: 'nonsense' }),
        says: 'uat: the file of the key contains no private key, or an encrypted one',
      },
      {
        name: 'an encrypted key',
        env: bound({ ...pair, key: encrypted }),
        says: 'uat: the file of the key contains no private key, or an encrypted one',
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
        says: 'uat: the file of the client certificate contains no certificate',
      },
    ])('refuses $name', async ({ env, says }) => {
      const { finished, left } = await verify(env);
      expect(finished).toMatchObject({ code: 1, stderr: expect.stringContaining(`.sh: error: ${says}\n`) });
      const said = finished.stderr + finished.stdout;
      expect(said).not.toContain('PRIVATE');
      expect(said).not.toContain(pair.key.split('\n')[1]);
      expect(left).toEqual([]);
    });

    test('says that a pair is not valid yet, and what time it is on the agent', async () => {
      const later = issuePair(authority, 'client', { name: 'ci-uat', validity: days(3, 4) });
      const { finished } = await verify(bound(later));
      expect(finished.code).toBe(1);
      expect(finished.stderr).toMatch(
        /error: uat: the certificate of CN=ci-uat begins on .* GMT, and it is .* here\n.*hint: check the clock of this agent/u,
      );
    });

    test('says that the agent has no docker command', async () => {
      const bin = temporaryFolder();
      for (const name of ['sh', 'openssl', 'mktemp', 'ln', 'rm', 'dirname', 'date', 'tar', 'base64'])
        fs.symlinkSync(which(name) ?? '', path.join(bin, name));
      const { finished } = await verify({ ...bound(), PATH: bin });
      expect(finished).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('error: uat: there is no docker command on this agent'),
      });
    });

    test.each(['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'DOCKER_CONTEXT', 'DOCKER_TLS', 'DOCKER_MTLS_BUNDLE'])(
      'a script does not see %s, which would choose another CA, engine or identity',
      async (name) => {
        const folder = path.join(temporaryFolder(), 'scripts');
        fs.cpSync(SCRIPTS, folder, { recursive: true });
        fs.writeFileSync(path.join(folder, 'look.sh'), `echo "[\${${name}-unset}]"\n`);
        const env = { ...bound(), ...(name === 'DOCKER_MTLS_BUNDLE' ? fromSecret() : { [name]: '/x' }) };
        const { stdout } = await run('sh', [path.join(folder, 'with-engine.sh'), 'uat', 'look'], {
          cwd: folder,
          env: { PATH: searchPath(), HOME: folder, TMPDIR: folder, ...env },
        });
        expect(stdout).toBe('[unset]\n');
      },
    );

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
      {
        name: 'links to bound files',
        env: bound(),
        modes: ['700', '777 ca.pem', '777 cert.pem', '777 key.pem'],
      },
      {
        name: 'an unpacked secret',
        env: fromSecret(),
        modes: ['700', '644 ca.pem', '644 cert.pem', '600 key.pem'],
      },
    ])('takes $name away when the job is stopped', async ({ env, modes }) => {
      const home = temporaryFolder();
      const folder = path.join(home, 'scripts');
      fs.cpSync(SCRIPTS, folder, { recursive: true, verbatimSymlinks: true });
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
  },
);
