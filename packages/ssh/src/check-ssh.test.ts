import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { which } from '../../../test/support/engine-install.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { ownSsh } from '../../../test/support/own-ssh.ts';
import { output, searchPath } from '../../../test/support/run.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { publicKey, startSshd, type Sshd } from '../testing/sshd.ts';
import { checkSsh, type SshCheck } from './check-ssh.ts';
import { parseSshHost } from './ssh-host.ts';

/** Something that takes connections and is no sshd. */
async function listener(talk: (socket: net.Socket) => void): Promise<number> {
  const port = await freePort();
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    onCleanup(() => void socket.destroy());
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onCleanup(() => void server.close());
  return port;
}

// What the account there is like is tried on a whole host: test/host/ssh.test.ts.
describeNeeding(['ssh', 'sshd'], 'checkSsh, with a real sshd', () => {
  let sshd: Sshd;
  let folder: string;
  let bin: string;
  beforeAll(async () => {
    sshd = await startSshd();
    folder = sshd.folder;
    bin = ownSsh(folder);
  });
  beforeEach(() => {
    know(Object.values(sshd.ports).map((port) => sshd.knownHost(port)));
    configure(identity('id'));
  });

  const file = (name: string): string => path.join(folder, name);
  const know = (lines: readonly string[]): void => fs.writeFileSync(file('known_hosts'), lines.join(''));
  const identity = (name: string): string => `IdentityFile ${file(name)}`;
  const configure = (...lines: readonly string[]): void => {
    const always = [`UserKnownHostsFile ${file('known_hosts')}`, 'GlobalKnownHostsFile /dev/null'];
    fs.writeFileSync(file('config'), [...lines, ...always, 'HashKnownHosts no', ''].join('\n'));
  };

  type Env = Readonly<Record<string, string>>;

  async function check(host: string, env: Env = {}, connect = 60): Promise<SshCheck> {
    const was = fs.readFileSync(file('known_hosts'), 'utf8');
    const checked = await checkSsh(parseSshHost(host), {
      env: { PATH: searchPath([bin]), HOME: folder, ...env },
      patience: { connect, answer: 60 },
    });
    // Whatever the user's configuration says: a check never makes a host known.
    expect(fs.readFileSync(file('known_hosts'), 'utf8')).toBe(was);
    return checked;
  }

  async function refused(...words: Parameters<typeof check>): Promise<SshCheck['problems'][number]> {
    const { works, problems, engine } = await check(...words);
    expect({ works, engine, count: problems.length }).toEqual({ works: false, engine: undefined, count: 1 });
    const [problem] = problems;
    if (problem === undefined) throw new Error('there is no reason');
    expect(problem.severity).toBe('error');
    return problem;
  }

  const here = (port: number): string => `${sshd.user}@127.0.0.1:${port}`;
  const fingerprint = (name: string): Promise<string> =>
    output('ssh-keygen', ['-l', '-f', file(`${name}.pub`)]).then((text) => text.split(' ')[1] ?? '');

  /** An agent of its own, with these keys. */
  async function agent(keys: readonly string[], ...options: readonly string[]): Promise<Env> {
    const socket = path.join(temporaryFolder(), 'agent');
    // It ends with the tests, even when they are killed.
    const command = ['--pdeathsig', 'KILL', 'ssh-agent', '-D', '-a', socket];
    const child = spawn('setpriv', command, { stdio: 'ignore', env: { PATH: searchPath() } });
    onCleanup(() => void child.kill());
    await eventually(() => fs.accessSync(socket));
    const env = { SSH_AUTH_SOCK: socket };
    for (const key of keys) await output('ssh-add', ['-q', ...options, file(key)], { env });
    return env;
  }

  test('logs in by IPv4 and IPv6, and goes on to the engine', async () => {
    for (const address of ['127.0.0.1', '[::1]']) {
      const { problems } = await check(`ssh://${sshd.user}@${address}:${sshd.ports.plain}/no/socket`);
      expect(problems.map(({ problem }) => problem)).not.toEqual([]);
      expect(problems.map(({ problem }) => problem).join(' ')).toMatch(/^(?:docker-missing|engine-stopped)$/);
    }
  });

  describe('before it is connected', () => {
    test('no ssh', async () => {
      expect(await refused('node1', { PATH: file('nowhere') })).toMatchObject({
        problem: 'ssh-missing',
        hint: expect.stringContaining('openssh-client'),
      });
    });

    test.each([
      ['Frobnicate yes', 'Bad configuration option'],
      ['RemoteCommand date', 'Cannot execute command-line and remote command'],
    ])('a configuration that ssh refuses: %s', async (line, says) => {
      configure(line, identity('id'));
      expect(await refused(here(sshd.ports.plain))).toMatchObject({
        problem: 'ssh-configuration',
        message: expect.stringContaining(says),
      });
    });

    describeNeeding(['root'], 'as nobody in particular', () => {
      test('a user id without an account', async () => {
        const other = path.join(temporaryFolder(), 'bin');
        fs.mkdirSync(other);
        const script = `#!/bin/sh\nexec setpriv --reuid 54321 --clear-groups ${which('ssh')} "$@"\n`;
        fs.writeFileSync(path.join(other, 'ssh'), script, { mode: 0o755 });
        expect(await refused('node1', { PATH: searchPath([other]) })).toMatchObject({
          problem: 'ssh-configuration',
          message: expect.stringContaining('No user exists for uid 54321'),
          hint: expect.stringContaining('/etc/passwd'),
        });
      });
    });

    test('a name without an address', async () => {
      expect(await refused('node1.invalid')).toMatchObject({
        problem: 'name-unresolved',
        message: expect.stringContaining('no address is known for "node1.invalid"'),
      });
    });

    test('nothing that listens', async () => {
      const port = await freePort();
      expect(await refused(here(port))).toMatchObject({
        problem: 'connection-refused',
        message: expect.stringContaining(`nothing listens at 127.0.0.1:${port}`),
      });
    });

    test('something that is silent', async () => {
      const port = await listener(() => undefined);
      expect(await refused(here(port), {}, 1)).toMatchObject({
        problem: 'connection-timeout',
        message: expect.stringContaining(`127.0.0.1:${port} gave no answer in time`),
      });
    });

    test('something that hangs up', async () => {
      const port = await listener((socket) => socket.destroy());
      expect(await refused(here(port))).toMatchObject({ problem: 'connection-closed' });
    });

    test("an engine's own port, with TLS or without", async () => {
      const port = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect(await refused(here(port))).toMatchObject({
        problem: 'not-ssh',
        message: expect.stringContaining('it said "HTTP/1.1 400 Bad Request"'),
      });
    });

    test.each([
      ['ProxyCommand false', 'it said nothing'],
      ['Host 127.0.0.1\nProxyJump nobody@localhost:1\nHost *', 'Connection refused'],
      ['ProxyCommand sh -c "echo sorry >&2; exit 1"', 'it said "sorry"'],
    ])('a host on the way that does not let through: %s', async (line, says) => {
      configure(line, identity('id'));
      expect(await refused(here(sshd.ports.plain))).toMatchObject({
        problem: 'jump-failed',
        message: expect.stringContaining(says),
      });
    });

    test('no algorithm in common', async () => {
      configure('HostKeyAlgorithms rsa-sha2-512', identity('id'));
      expect(await refused(here(sshd.ports.plain))).toMatchObject({
        problem: 'no-common-algorithm',
        message: expect.stringContaining('it offers "ssh-ed25519"'),
      });
    });
  });

  describe("the host's key", () => {
    test.each(['ask', 'yes', 'no', 'accept-new'])(
      'is not known, StrictHostKeyChecking %s',
      async (strict) => {
        know([]);
        configure(`StrictHostKeyChecking ${strict}`, identity('id'));
        const { problem, message, hint } = await refused(here(sshd.ports.plain));
        expect(problem).toBe('host-key-unknown');
        expect(message).toContain(`ssh-ed25519 ${await fingerprint('host')}`);
        expect(message.includes('would take whatever key')).toBe(['no', 'accept-new'].includes(strict));
        expect(hint).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the host');
        expect(hint).toContain(
          `ssh -o StrictHostKeyChecking=ask -p ${sshd.ports.plain} ${sshd.user}@127.0.0.1`,
        );
      },
    );

    test('has changed', async () => {
      const { plain } = sshd.ports;
      know(['# a comment\n', sshd.knownHost(plain, publicKey(file('host2')))]);
      const { problem, message, hint } = await refused(here(plain));
      expect(problem).toBe('host-key-changed');
      expect(message).toContain(`ssh-ed25519 ${await fingerprint('host')}`);
      expect(message).toContain(`in "${file('known_hosts')}", line 2`);
      expect(hint).toContain(`ssh-keygen -f ${file('known_hosts')} -R '[127.0.0.1]:${plain}'`);
    });

    test('is known again once what the hint says is done', async () => {
      const { plain } = sshd.ports;
      know([sshd.knownHost(plain, publicKey(file('host2')))]);
      const { hint } = await refused(here(plain));
      const [, command = ''] = /: (ssh-keygen .*), then/.exec(hint) ?? [];
      await output('sh', ['-c', command]);
      expect(await refused(here(plain))).toMatchObject({ problem: 'host-key-unknown' });
    });

    test('is revoked', async () => {
      know([`@revoked ${sshd.knownHost(sshd.ports.plain)}`]);
      expect(await refused(here(sshd.ports.plain))).toMatchObject({ problem: 'host-key-revoked' });
    });
  });

  describe('who we are', () => {
    test('is not told: no key file, and no agent, a dead one, or an empty one', async () => {
      configure('IdentityFile none');
      const agents = [{}, { SSH_AUTH_SOCK: file('nowhere') }, await agent([])];
      for (const [index, env] of agents.entries()) {
        const { problem, message, hint } = await refused(here(sshd.ports.plain), env);
        expect(problem).toBe('no-key');
        expect(message).toContain(index === 2 ? 'the agent has none' : 'no agent is running');
        expect(hint).toContain(`ssh-copy-id -p ${sshd.ports.plain} ${sshd.user}@127.0.0.1`);
      }
    });

    test('is told with a key that the host does not know', async () => {
      configure(identity('other'));
      const { problem, message } = await refused(here(sshd.ports.plain));
      expect(problem).toBe('key-refused');
      expect(message).toContain(`"${file('other')}" ${await fingerprint('other')}; no agent is running`);
    });

    test("is told with an agent's keys, none of which the host knows", async () => {
      configure('IdentityFile none');
      const { problem, message } = await refused(here(sshd.ports.plain), await agent(['other', 'host2']));
      expect(problem).toBe('key-refused');
      expect(message).toContain(
        `"other" ${await fingerprint('other')}, "host2" ${await fingerprint('host2')}`,
      );
      expect(message).not.toContain('no agent');
    });

    test('is told with so many keys that the host hangs up', async () => {
      configure('IdentityFile none');
      const keys = await agent(['other', 'host2', 'host', 'id']);
      expect(await refused(here(sshd.ports.plain), keys)).toMatchObject({
        problem: 'too-many-keys',
        hint: expect.stringContaining('IdentitiesOnly yes'),
      });
    });

    test('is behind a passphrase, until the hint is followed', async () => {
      fs.appendFileSync(file('authorized_keys'), fs.readFileSync(file('locked.pub')));
      configure(identity('locked'));
      const alone = await refused(here(sshd.ports.plain));
      expect(alone).toMatchObject({
        problem: 'key-locked',
        message: expect.stringContaining('no agent is running'),
      });
      expect(alone.hint).toBe(`eval "$(ssh-agent)"; ssh-add ${file('locked')}`);
      const env = await agent(['other']);
      const { message, hint } = await refused(here(sshd.ports.plain), env);
      expect(message).toContain('the agent does not have it');
      fs.writeFileSync(file('askpass'), '#!/bin/sh\necho a passphrase\n', { mode: 0o700 });
      const asked = { ...env, SSH_ASKPASS: file('askpass'), SSH_ASKPASS_REQUIRE: 'force' };
      await output('sh', ['-c', hint], { env: asked });
      expect((await check(here(sshd.ports.plain), env)).problems[0]?.problem).not.toBe('key-locked');
    });

    test('is not confirmed by the agent', async () => {
      configure('IdentityFile none');
      expect(await refused(here(sshd.ports.plain), await agent(['id'], '-c'))).toMatchObject({
        problem: 'agent-refused',
        message: expect.stringContaining('agent refused operation'),
      });
    });

    test('is in a file that others may read', async () => {
      fs.copyFileSync(file('id'), file('open'));
      fs.chmodSync(file('open'), 0o644);
      configure(identity('open'));
      expect(await refused(here(sshd.ports.plain))).toMatchObject({
        problem: 'key-file-unusable',
        hint: expect.stringContaining(`chmod 600 ${file('open')}`),
      });
    });

    test('is asked for by a password alone', async () => {
      expect(await refused(here(sshd.ports.password))).toMatchObject({
        problem: 'keys-not-taken',
        message: expect.stringContaining('by password'),
      });
    });

    test('is asked for by a password behind the key', async () => {
      expect(await refused(here(sshd.ports.both))).toMatchObject({
        problem: 'second-factor',
        message: expect.stringContaining('(password)'),
      });
    });
  });
});
