import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { eventually } from '../support/eventually.ts';
import { engineNeeds, type Need } from '../support/needs.ts';
import { which } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { output, run, type Finished } from '../support/run.ts';
import { writeCertPath } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { agentOf, containersOn, exportFor, makeProject, startHosts, type Hosts } from './deployment.ts';
import { expiredPair, foreignPair, type Identity } from './identities.ts';

const TIMEOUT = 120_000;

const NEEDED: readonly Need[] = [
  'docker command',
  'docker-compose',
  'compose plugin',
  'registry',
  'openssl',
  'static busybox',
  ...engineNeeds('28.5'),
];

type Variables = Readonly<Record<string, string>>;

describeNeeding(NEEDED, 'the scripts of the pipeline', () => {
  let hosts: Hosts;
  let pipeline: string;
  let uat: Variables;
  let agent: Variables;

  beforeAll(async () => {
    hosts = await startHosts('28.5');
    const exported = await exportFor('gitlab', hosts);
    pipeline = exported.pipeline;
    uat = { ...bound(exported.credentials.uat, ''), DOCKER_ENGINE: hosts.uat.url };
    agent = agentOf(hosts, 'plugin');
  }, TIMEOUT);

  /** Runs scripts one after the other, as a pipeline does: up to the first that fails. */
  async function scripts(
    project: string,
    commands: readonly string[],
    env: Variables = {},
  ): Promise<Finished> {
    const script = commands.map((command) => `sh ci/scripts/${command}`).join(' && ');
    return run('sh', ['-c', script], { cwd: project, env: { ...agent, ...uat, ...env }, timeout: TIMEOUT });
  }

  test('warn when the certificate ends soon', async () => {
    const { code, stdout } = await scripts(pipeline, ['with-engine.sh uat verify'], { WARN_DAYS: '31' });
    expect(code).toBe(0);
    expect(stdout).toContain('verify.sh: warning: uat: only 29 days left: docker-mtls ci export');
  });

  test('say who refused, when the client is of another CA than the engine', async () => {
    const foreign = foreignPair();
    const ca = fs.readFileSync(path.join(hosts.caDirectory, 'ca.pem'), 'utf8');
    const { code, stderr } = await scripts(
      pipeline,
      ['with-engine.sh uat verify'],
      identity({ ...foreign, ca }),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /remote error: tls: .*\n.*error: uat: .*\n.*hint: the engine does not accept this client/u,
    );
  });

  test('leave it to the engine to refuse an expired pair where there is no openssl', async () => {
    const PATH = folderOfPrograms(['sh', 'docker', 'dirname', 'mktemp', 'ln', 'rm']);
    const good = await scripts(pipeline, ['with-engine.sh uat verify'], { PATH });
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('whose dates were not checked') });
    const env = { ...identity(expiredPair(hosts)), PATH };
    const { code, stderr } = await scripts(pipeline, ['with-engine.sh uat verify'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /expired certificate\n.*error: uat: .*\n.*hint: docker-mtls ci export issues new ones/u,
    );
  });

  test.each([
    { what: 'arrives at the second time', before: 1, says: /error: uat: .*\n.*hint: docker-mtls ci export/ },
    { what: 'never arrives', before: 9, says: /error: uat: .*\n.*hint: the engine hung up/ },
  ])('ask again when what the engine says of a client is lost: it $what', async ({ before, says }) => {
    const PATH = folderOfPrograms(['sh', 'dirname', 'mktemp', 'ln', 'rm', 'expr', 'cat']);
    // Stands in for the CLI: which of the two arrives is a race between an engine and its client.
    const docker = `#!/bin/sh
n=$(expr $(cat "$0.calls" 2>/dev/null || echo 0) + 1)
echo $n >"$0.calls"
[ $n -gt ${before} ] && echo 'remote error: tls: expired certificate' || echo 'write: connection reset by peer'
exit 1
`;
    fs.writeFileSync(path.join(PATH, 'docker'), docker, { mode: 0o755 });
    const { code, stderr } = await scripts(pipeline, ['with-engine.sh uat verify'], { PATH });
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(fs.readFileSync(path.join(PATH, 'docker.calls'), 'utf8')).toBe(`${Math.min(before + 1, 3)}\n`);
  });

  test(
    'stop when the tests of the image fail',
    async () => {
      const project = makeProject(pipeline);
      fs.writeFileSync(path.join(project, 'root/greeting'), 'good-bye\n');
      const commands = ['build.sh', 'test.sh', 'push.sh', 'with-engine.sh uat deploy'];
      const { code, stderr } = await scripts(project, commands, { BUILD: 'untested' });
      expect(code).toBe(1);
      expect(stderr).toContain('test.sh: error: the tests of app:untested failed\n');
      expect(await containersOn(hosts.uat)).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    'stop when what was deployed does not run',
    async () => {
      const project = makeProject(pipeline);
      fs.appendFileSync(path.join(project, 'Dockerfile'), 'CMD ["cat", "/missing"]\n');
      const { code, stderr } = await scripts(project, ['build.sh', 'with-engine.sh uat deploy'], {
        APP: 'falls',
        // However late a loaded machine comes to run it and to tell of its end.
        SETTLE: '5',
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /falls-uat-app-1: Exited \(1\).*\n.*error: uat: not everything of falls-uat runs\n/u,
      );
    },
    TIMEOUT,
  );

  test(
    'refuse docker-compose 1 on an engine that it cannot work with',
    async () => {
      const project = makeProject(pipeline);
      const old = { DOCKER_CONFIG: temporaryFolder() };
      const { code, stderr } = await scripts(project, ['build.sh', 'with-engine.sh uat deploy'], {
        ...old,
        APP: 'old',
      });
      expect(code).toBe(1);
      expect(stderr).toContain('error: uat: docker-compose 1 cannot replace containers on engine 28.5.');
      expect(await containersOn(hosts.uat)).not.toContainEqual(expect.stringContaining('old-uat'));
    },
    TIMEOUT,
  );

  test(
    'push to a registry that wants a password, and deploy from there',
    async () => {
      const project = makeProject(pipeline);
      const registry = await startRegistry('ci', 'a password');
      const env = {
        APP: 'pushed',
        REGISTRY: `${registry}/team`,
        REGISTRY_USER: 'ci',
        REGISTRY_PASSWORD: 'a password',
      };
      const commands = ['build.sh', 'test.sh', 'push.sh'];
      const pushed = await scripts(project, commands, env);
      expect(pushed).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`pushed ${registry}/team/pushed:dev`),
      });

      fs.rmSync(path.join(project, 'build'), { recursive: true });
      const deployed = await scripts(project, ['with-engine.sh uat deploy'], env);
      expect(deployed.code).toBe(0);
      expect(await containersOn(hosts.uat)).toContain(`${registry}/team/pushed:dev uat pushed-uat running`);
      // Logged out again.
      const config = fs.readFileSync(path.join(agent['DOCKER_CONFIG'] ?? '', 'config.json'), 'utf8');
      expect(JSON.parse(config)).toEqual({ auths: {} });

      const refused = await scripts(project, ['push.sh'], { ...env, REGISTRY_PASSWORD: 'another' });
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`push.sh: error: the registry ${registry} refused the login\n`),
      });
    },
    TIMEOUT,
  );
});

function identity({ ca, ...pair }: Identity): Variables {
  return bound(writeCertPath(ca, pair), '.pem');
}

/** The variables that an automation server sets for files, which it names as it likes. */
function bound(folder: string, suffix: '' | '.pem'): Variables {
  const names = suffix === '' ? ['DOCKER_CA', 'DOCKER_CERT', 'DOCKER_KEY'] : ['ca', 'cert', 'key'];
  const [ca = '', certificate = '', key = ''] = names.map((name) => path.join(folder, name + suffix));
  return { DOCKER_CA: ca, DOCKER_CERT: certificate, DOCKER_KEY: key };
}

/** A PATH with nothing but these. */
function folderOfPrograms(names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) fs.symlinkSync(which(name) ?? '', path.join(folder, name));
  return folder;
}

/** Starts a registry on a loopback port, where engines ask for no TLS, and returns its address. */
async function startRegistry(user: string, password: string): Promise<string> {
  const folder = temporaryFolder();
  const port = await freePort();
  const salt = '$2b$05$abcdefghijklmnopqrstuu';
  const hash = await output('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', password, salt]);
  fs.writeFileSync(path.join(folder, 'htpasswd'), `${user}:${hash}\n`);
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'test', path: path.join(folder, 'htpasswd') } },
  };
  // JSON is YAML.
  fs.writeFileSync(path.join(folder, 'config.yml'), JSON.stringify(config));
  const serve = ['docker-registry', 'serve', path.join(folder, 'config.yml')];
  // It ends with the tests, even when they are killed.
  const registry = spawn('setpriv', ['--pdeathsig', 'KILL', ...serve], { stdio: 'ignore' });
  onCleanup(() => {
    registry.kill('SIGKILL');
  });
  await eventually(async () => void (await fetch(`http://127.0.0.1:${port}/`)));
  return `127.0.0.1:${port}`;
}
