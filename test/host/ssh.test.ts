import fs from 'node:fs';
import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { checkSsh, parseSshHost } from '@docker-mtls/ssh';
import { describeNeeding } from '../support/describe-needing.ts';
import { ENGINE_VERSIONS } from '../support/engine-install.ts';
import { output, searchPath } from '../support/run.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';
import { makeSshClient, type SshClient } from './ssh-client.ts';

const VERSION = '28.5';

// Whole logins, each of them several times, on a machine that has more to do.
jest.setTimeout(120_000);

/** What each account has in ~/.bashrc, before anything else. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  ops: '',
  alice: '',
  chatty: 'echo "Welcome to node1"',
  leaver: 'exit 0',
  far: 'export DOCKER_HOST=tcp://127.0.0.1:1',
  near: 'export DOCKER_HOST=tcp://127.0.0.1:2375',
  closed: '',
  told: '',
  piped: '',
};

const MAKE_ACCOUNTS = Object.entries(ACCOUNTS)
  .map(
    ([name, line]) =>
      `useradd --create-home --shell /bin/bash --groups docker ${name}; sed -i '1i ${line}' /home/${name}/.bashrc`,
  )
  .join('\n');

type Refusal = {
  readonly name: string;
  readonly user: string;
  /** What is done to the host before, and taken back after. */
  readonly before?: string;
  readonly after?: string;
  readonly port?: number;
  readonly configuration?: readonly string[];
  readonly knownHosts?: (text: string) => string;
  readonly problem: string;
  readonly says: string;
  readonly hints: string;
};

const REFUSALS: readonly Refusal[] = [
  {
    name: 'an ordinary user (and ssh may learn keys)',
    user: 'alice',
    configuration: ['UpdateHostKeys yes', 'StrictHostKeyChecking accept-new'],
    knownHosts: (text) => `${text.split('\n').find((line) => line.includes(' ssh-ed25519 ')) ?? ''}\n`,
    problem: 'socket-denied',
    says: 'alice may not use the engine of ADDRESS: /var/run/docker.sock is for the group docker, and alice is not in it',
    hints: 'if alice may be root there, which is what it means: usermod -aG docker alice',
  },
  {
    name: 'an engine that is stopped',
    user: 'ops',
    before: 'systemctl stop docker.socket docker.service',
    after: 'systemctl start docker.socket docker.service',
    problem: 'engine-stopped',
    says: 'the engine of ADDRESS does not run',
    hints: 'systemctl start docker',
  },
  {
    name: 'an engine that systemd starts in vain',
    user: 'ops',
    before: 'mkdir -p /etc/docker; echo "{" >/etc/docker/daemon.json; systemctl stop docker.service',
    after:
      'rm /etc/docker/daemon.json; systemctl reset-failed docker.service docker.socket; systemctl start docker.socket docker.service',
    problem: 'engine-stopped',
    // systemd counts starts, also those of the tests before, and may have closed the socket already.
    says: 'the engine of ADDRESS does not run: ',
    hints: 'journalctl -u docker says why it stopped',
  },
  {
    name: 'no docker command',
    user: 'ops',
    before: 'mv /usr/bin/docker /root/docker',
    after: 'mv /root/docker /usr/bin/docker',
    problem: 'docker-missing',
    says: 'ops@ADDRESS has no docker command (its PATH is "/usr/local/bin:',
    hints: "install Docker's command line",
  },
  {
    name: 'a docker command that only a login finds',
    user: 'ops',
    before:
      'mkdir -p /opt/docker/bin; mv /usr/bin/docker /opt/docker/bin; echo "PATH=\\$PATH:/opt/docker/bin" >/etc/profile.d/docker.sh',
    after: 'mv /opt/docker/bin/docker /usr/bin; rm /etc/profile.d/docker.sh',
    problem: 'docker-missing',
    says: 'ops@ADDRESS has docker in "/opt/docker/bin/docker", which is not in the PATH of commands over ssh',
    hints:
      'ln -s /opt/docker/bin/docker /usr/local/bin/docker; or at the top of ~/.bashrc: export PATH=$PATH:/opt/docker/bin',
  },
  {
    name: 'a greeting in .bashrc',
    user: 'chatty',
    problem: 'output-noise',
    says: 'prints "Welcome to node1" at every command',
    hints: 'in ~/.bashrc there: print to terminals alone',
  },
  {
    name: 'a .bashrc that ends the shell',
    user: 'leaver',
    problem: 'account-unusable',
    says: 'no command runs there: it ended with 0',
    hints: "no exit in that shell's files",
  },
  {
    name: 'an account without a shell',
    user: 'closed',
    problem: 'account-unusable',
    says: 'no command runs there: it said "This account is currently not available."',
    hints: 'chsh',
  },
  {
    name: 'a key that is for another command',
    user: 'told',
    problem: 'account-unusable',
    says: 'no command runs there: it said "only backups here"',
    hints: 'no other command in sshd_config or authorized_keys',
  },
  {
    name: 'a docker command that is told to use another engine',
    user: 'far',
    problem: 'engine-elsewhere',
    says: 'goes on to "tcp://127.0.0.1:1" (DOCKER_HOST there), and gets no answer',
    hints: 'unset DOCKER_HOST',
  },
  {
    name: 'a docker context there that there is not',
    user: 'ops',
    before:
      'runuser -u ops -- sh -c \'mkdir -p ~ops/.docker; echo "{\\"currentContext\\":\\"gone\\"}" >~ops/.docker/config.json\'',
    after: 'rm -r ~ops/.docker',
    problem: 'unexplained',
    says: 'context \\"gone\\"',
    hints: 'docker version',
  },
  {
    name: 'an sshd that is stopped',
    user: 'ops',
    before: 'systemctl stop ssh',
    after: 'systemctl start ssh',
    problem: 'connection-refused',
    says: 'nothing listens at ADDRESS:22: no sshd is running there',
    hints: 'systemctl start ssh',
  },
  {
    name: "a port that is not sshd's",
    user: 'ops',
    port: 2222,
    problem: 'connection-refused',
    says: 'nothing listens at ADDRESS:2222',
    hints: 'ssh://user@host:2222',
  },
  {
    name: 'a host key that is not known',
    user: 'ops',
    knownHosts: () => '',
    problem: 'host-key-unknown',
    says: 'the key of ADDRESS is not known here yet, ssh-ed25519 SHA256:',
    hints:
      'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the host; then say yes to ssh -o StrictHostKeyChecking=ask ops@ADDRESS',
  },
  {
    name: 'a host key that has changed',
    user: 'ops',
    before: 'mkdir /root/keys; mv /etc/ssh/ssh_host_* /root/keys; ssh-keygen -A; systemctl restart ssh',
    after: 'mv /root/keys/* /etc/ssh; rmdir /root/keys; systemctl restart ssh',
    problem: 'host-key-changed',
    says: 'the host shows another key than before, ssh-ed25519 SHA256:',
    hints: 'ssh-keygen -f',
  },
  {
    name: 'an agent that is missing, and no key file',
    user: 'ops',
    configuration: ['IdentityFile none'],
    problem: 'no-key',
    says: 'there is no key to show to ops@ADDRESS: no agent is running',
    hints: 'ssh-add',
  },
];

type DoctorFinding = { readonly id: string; readonly message: string };

async function findingsOfDoctor(client: SshClient, target: string): Promise<readonly DoctorFinding[]> {
  const { stdout } = await client.cli(['doctor', target, '--json']);
  return JSON.parse(stdout).targets[0].found as readonly DoctorFinding[];
}

describeNeeding([...hostNeeds(VERSION), 'ssh', 'docker command'], 'an engine over SSH', () => {
  let host: Host;
  let client: SshClient;
  beforeAll(async () => {
    host = await bootHost(VERSION);
    client = await makeSshClient(host);
    await host.must(`${MAKE_ACCOUNTS}
gpasswd --delete alice docker; usermod --shell /usr/sbin/nologin closed
for home in /root /home/*; do
  mkdir -p $home/.ssh; echo '${client.publicKey.trim()}' >$home/.ssh/authorized_keys
  chown -R --reference=$home $home/.ssh; chmod 700 $home/.ssh
done
sed -i 's/^/command="echo only backups here" /' /home/told/.ssh/authorized_keys
sed -i 's/^/command="docker system dial-stdio",restrict /' /home/piped/.ssh/authorized_keys
until [ ! -e /run/nologin ]; do sleep 0.1; done`);
  }, 900_000);
  beforeEach(() => client.configure());

  const urlOf = (user: string, port?: number): string =>
    `ssh://${user}@${host.address}${port === undefined ? '' : `:${port}`}`;

  const check = (...words: readonly string[]): ReturnType<SshClient['cli']> =>
    client.cli(['ssh', 'check', ...words]);
  const context = (...words: readonly string[]): ReturnType<SshClient['cli']> =>
    client.cli(['context', ...words]);

  describe('works', () => {
    test.each(['root', 'ops', 'piped'])('for %s, as the check says', async (user) => {
      const url = urlOf(user);
      expect(await check(url)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`${url}: works: engine ${VERSION}.`),
        stderr: '',
      });
      // The command of the book.
      const listed = await client.docker(['-H', url, 'container', 'ls']);
      expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^CONTAINER ID/) });
    });

    test('for doctor, which tells how many connections at once the server takes', async () => {
      expect(await findingsOfDoctor(client, urlOf('ops'))).toMatchObject([
        { id: 'DM434', message: expect.stringContaining('10:30:100') },
      ]);
      await host.must("sed -i '1i MaxStartups 100' /etc/ssh/sshd_config; systemctl reload ssh");
      expect(await findingsOfDoctor(client, urlOf('ops'))).toEqual([]);
      await host.must("sed -i '1d' /etc/ssh/sshd_config; systemctl reload ssh");
    });

    test('by the path of the socket, with a docker command that is new enough', async () => {
      const url = `${urlOf('ops')}/run/docker.sock`;
      const old = await client.cli(['ssh', 'check', url, '--json'], '20.10');
      expect(JSON.parse(old.stdout)).toMatchObject({
        problems: [{ problem: 'docker-refuses-here', message: expect.stringContaining('extra path') }],
      });
      for (const version of ['26.1', '28.5'] as const)
        expect(await client.cli(['ssh', 'check', url], version)).toMatchObject({ code: 0 });
    });

    test("by an alias of ssh's configuration", async () => {
      client.configure(`Host node1\nHostName ${host.address}\nUser ops\nHost *`);
      expect(await check('node1')).toMatchObject({ code: 0 });
      expect(await client.docker(['-H', 'ssh://node1', 'version'])).toMatchObject({ code: 0 });
    });

    test('over a connection that somebody logged in to, and shares', async () => {
      const shared = ['ControlMaster auto', `ControlPath ${client.folder}/shared`, 'ControlPersist 60'];
      client.configure(...shared);
      // One that is not there yet is not opened by a mere check: it would live on.
      expect(await check(urlOf('alice'))).toMatchObject({ code: 3 });
      expect(fs.existsSync(`${client.folder}/shared`)).toBe(false);
      const ssh = `${client.folder}/bin/ssh`;
      await output(ssh, ['-fN', `ops@${host.address}`]);
      try {
        client.configure(...shared, 'IdentityFile none');
        expect(await check(urlOf('ops'))).toMatchObject({ code: 0 });
        await host.must('systemctl stop docker.socket docker.service');
        expect(await check(urlOf('ops'))).toMatchObject({
          code: 3,
          stdout: expect.stringContaining(
            'the engine of ADDRESS does not run'.replace('ADDRESS', host.address),
          ),
        });
      } finally {
        await host.must('systemctl start docker.socket docker.service');
        await output(ssh, ['-O', 'exit', `ops@${host.address}`]);
      }
    });

    test('with a warning, when the docker command there goes on to another engine', async () => {
      await host.must(
        'systemd-run --unit near systemd-socket-activate --listen 127.0.0.1:2375 /lib/systemd/systemd-socket-proxyd /run/docker.sock; until systemctl is-active near; do sleep 0.1; done',
      );
      const { code, stdout } = await check(urlOf('near'));
      await host.must('systemctl stop near');
      expect(code).toBe(0);
      expect(stdout).toContain('warning: the docker command of near@');
      expect(stdout).toContain('goes on to "tcp://127.0.0.1:2375" (DOCKER_HOST there)');
    });
  });

  describe('as a context', () => {
    test('is made when it works, once, and never over another', async () => {
      const url = urlOf('ops');
      expect(await check(url, '--context', 'node1')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Made the context node1\n'),
      });
      expect(await check(url, '--context', 'node1')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('There already is the context node1\n'),
      });
      const other = await check(urlOf('root'), '--context', 'node1', '--json');
      expect(JSON.parse(other.stdout)).toMatchObject({
        error: { code: 'CONTEXT_EXISTS', message: expect.stringContaining(`is for ${url}`) },
      });
      const refused = await check(urlOf('alice'), '--context', 'node2');
      expect(refused.code).toBe(3);
      expect((await client.docker(['context', 'ls', '--quiet'])).stdout).toBe('default\nnode1\n');
    });

    test.each(['installed', ...ENGINE_VERSIONS] as const)(
      'is one for the docker command of %s',
      async (version) => {
        const name = `c-${version}`;
        expect(await context('create', name, '--for', urlOf('ops'))).toMatchObject({ code: 0 });
        const format = ['--format', '{{.Server.Version}}'];
        const served = { code: 0, stdout: expect.stringContaining(`${VERSION}.`) };
        expect(await client.docker(['--context', name, 'version', ...format], version)).toMatchObject(served);
        expect(await context('use', name)).toMatchObject({ code: 0 });
        expect(await client.docker(['version', ...format], version)).toMatchObject(served);
        expect(await context('remove', name, '--force')).toMatchObject({ code: 0 });
        expect((await client.docker(['context', 'ls', '--quiet'], version)).stdout).not.toContain(name);
      },
    );

    test('is listed, changed and checked, also when docker made it', async () => {
      const docker = await client.docker([
        'context',
        'create',
        'theirs',
        '--docker',
        `host=${urlOf('alice')}`,
      ]);
      expect(docker).toMatchObject({ code: 0 });
      expect((await context('list')).stdout).toMatch(new RegExp(`theirs +${urlOf('alice')} +- +-\n`));
      expect(await context('check', 'theirs')).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/^theirs: error: alice may not use the engine/),
      });
      expect(await context('update', 'theirs', '--for', urlOf('ops'))).toMatchObject({ code: 0 });
      expect(await context('check', 'theirs')).toMatchObject({ code: 0 });
      const json = await context('check', 'theirs', '--json');
      expect(JSON.parse(json.stdout)).toEqual({
        context: 'theirs',
        problems: [],
        served: false,
        unknown: [],
      });
    });
  });

  test('does not work without a docker command here, and the check says so', async () => {
    const checked = await checkSsh(parseSshHost(urlOf('ops')), { env: { PATH: `${client.folder}/bin` } });
    expect(checked).toMatchObject({ works: false, problems: [{ problem: 'docker-missing-here' }] });
  });

  test('does not work with an engine that says nothing, and the check says so', async () => {
    await host.must('pkill -STOP -x dockerd');
    try {
      const checked = await checkSsh(parseSshHost(urlOf('ops')), {
        env: { PATH: searchPath([`${client.folder}/bin`]) },
        patience: { connect: 5, answer: 3 },
      });
      expect(checked).toMatchObject({ works: false, problems: [{ problem: 'engine-silent' }] });
    } finally {
      await host.must('pkill -CONT -x dockerd');
    }
  });

  test.each(REFUSALS)('does not work with $name, and the check says why', async (refusal) => {
    const { user, before = 'true', after = 'true', port, configuration = [], knownHosts } = refusal;
    client.configure(...configuration);
    const was = fs.readFileSync(client.knownHosts, 'utf8');
    if (knownHosts !== undefined) fs.writeFileSync(client.knownHosts, knownHosts(was));
    await host.must(before);
    const shown = fs.readFileSync(client.knownHosts, 'utf8');
    try {
      const url = urlOf(user, port);
      const { code, stdout, stderr } = await client.cli(['ssh', 'check', url, '--json']);
      expect({ code, stderr, ...JSON.parse(stdout) }).toEqual({
        code: 3,
        stderr: '',
        host: url,
        works: false,
        problems: [
          {
            problem: refusal.problem,
            finding: expect.stringMatching(/^DM4\d\d$/u),
            severity: 'error',
            message: expect.stringContaining(refusal.says.replaceAll('ADDRESS', host.address)),
            hint: expect.stringContaining(refusal.hints.replaceAll('ADDRESS', host.address)),
          },
        ],
      });
      expect(fs.readFileSync(client.knownHosts, 'utf8')).toBe(shown);
      expect((await client.docker(['-H', url, 'version'])).code).not.toBe(0);
    } finally {
      await host.must(after);
      fs.writeFileSync(client.knownHosts, was);
    }
  });
});
