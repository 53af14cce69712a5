/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { bootHost, hostNeeds, type Host, type HostEngine } from './host.ts';
import { importBusybox } from './busybox.ts';
import { describeDoctor, describeLostContainers } from './describe-doctor.ts';
import { describeUndo } from './describe-undo.ts';
import { describePair } from './describe-pair.ts';
import { killCli } from './kill-cli.ts';
import type { Finished } from '../support/run.ts';
import { BUNDLE } from '../support/cli.ts';
import { DROP_INS, JOURNAL, RESTART, SLOW, dropIn, has, squat, write } from './scripts.ts';
import { keepPristine, reset, stateOf } from './state.ts';

const NODE = `/usr/local/bin/node ${BUNDLE}`;
const CONTAINERD = '--containerd=/run/containerd/containerd.sock';

type Scenario = {
  readonly name: string;
  /** A shell script that makes the host what it is before. */
  readonly before?: string;
  readonly args?: readonly string[];
  /** Is the engine down before, for its configuration is broken? */
  readonly isDown?: true;
};

const FAILS = `${RESTART} || systemctl stop docker; systemctl reset-failed`;

const SECURED: readonly Scenario[] = [
  { name: 'a fresh host' },
  {
    name: 'a daemon.json with settings of its own',
    before: write('/etc/docker/daemon.json', '{"log-opts": {"max-size": "10m"}, "debug": true}') + RESTART,
  },
  {
    name: 'a daemon.json and a unit that clash already: the engine is down',
    before: write('/etc/docker/daemon.json', '{"hosts": ["unix:///var/run/docker.sock"]}') + FAILS,
    isDown: true,
  },
  {
    name: "an administrator's override, open to the network",
    before:
      dropIn(
        'override.conf',
        `[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// -H tcp://127.0.0.1:2375 ${CONTAINERD}`,
      ) + RESTART,
  },
  {
    name: 'clashing flags in a unit of the administrator',
    before:
      "sed 's#-H fd://#-H fd:// -H tcp://127.0.0.1:2375#' /lib/systemd/system/docker.service >/etc/systemd/system/docker.service; " +
      RESTART,
  },
  {
    name: 'flags in $DOCKER_OPTS',
    before:
      write('/etc/default/docker', 'DOCKER_OPTS="--host=tcp://127.0.0.1:2375 --log-level=warn"') + RESTART,
  },
  {
    name: 'another drop-in, which stays',
    before: dropIn('limits.conf', '[Service]\nLimitNOFILE=4096') + RESTART,
  },
];

const KILLS: readonly { readonly name: string; readonly when: (host: Host) => boolean }[] = [
  { name: 'once the journal is written', when: has(JOURNAL) },
  { name: 'once the drop-in is there', when: has(`${DROP_INS}/zz-docker-mtls.conf`) },
  { name: 'once daemon.json is there', when: has('/etc/docker/daemon.json') },
  { name: 'while the engine restarts', when: has(JOURNAL, '"phase":"restarting"') },
];

/** `why` is what a person is told: the message, and the hint. */
type Refused = Scenario & { readonly code: string; readonly why: RegExp };

/** What engines of all generations say when they cannot read what daemon.json names. */
const UNREADABLE =
  /(?:permission denied|no such file).*as they were|the engine said: .*(?:permission denied|no such file)/s;

const REFUSED: readonly Refused[] = [
  {
    name: 'a daemon.json that is broken',
    before: write('/etc/docker/daemon.json', '{"debug": true,}'),
    code: 'DAEMON_CONFIG_INVALID',
    why: /daemon\.json.*line 1/,
  },
  {
    name: 'port 2376 taken',
    before: squat(2376),
    code: 'HOST_PORT_TAKEN',
    why: /has port 2376 of 0\.0\.0\.0 already/,
  },
  {
    name: 'an address of another host',
    args: ['--listen', '203.0.113.9:2376'],
    code: 'HOST_ADDRESS_ABSENT',
    why: /203\.0\.113\.9.*127\.0\.0\.1/,
  },
  {
    name: 'certificates that the engine may not read',
    before: dropIn('hard.conf', '[Service]\nInaccessiblePaths=/root') + RESTART,
    code: 'HOST_ROLLED_BACK',
    why: UNREADABLE,
  },
  {
    name: 'certificates that are not there for the engine, and a daemon.json with a mode of its own',
    before:
      write('/etc/docker/daemon.json', '{"debug": false}') +
      'chmod 640 /etc/docker/daemon.json; ' +
      dropIn('hard.conf', '[Service]\nTemporaryFileSystem=/root:ro') +
      RESTART,
    code: 'HOST_ROLLED_BACK',
    why: UNREADABLE,
  },
  {
    name: 'a full disk',
    before:
      'cp -a /etc/docker /root/d; mount -t tmpfs -o size=64k,mode=755 none /etc/docker; cp -a /root/d/. /etc/docker; rm -r /root/d; head -c 100000 /dev/zero >/etc/docker/fill 2>/dev/null; true',
    code: 'FILE_NO_SPACE',
    why: /no space left/,
  },
  {
    name: 'a unit that starts a script',
    before:
      dropIn(
        'override.conf',
        '[Service]\nExecStart=\nExecStart=/bin/sh -c "exec /usr/sbin/dockerd -H fd://"',
      ) + RESTART,
    code: 'DAEMON_CONFIG_UNIT',
    why: /override\.conf/,
  },
  {
    name: 'a docker.socket that is open to the network',
    before:
      write('/etc/systemd/system/docker.socket.d/tcp.conf', '[Socket]\nListenStream=127.0.0.1:2375') +
      'systemctl daemon-reload',
    code: 'DAEMON_CONFIG_UNIT',
    why: /tcp\.conf/,
  },
];

const running = ({ must }: Host): Promise<string> =>
  must('docker inspect -f "{{.State.Running}} {{.State.StartedAt}}" c1');

/** What a real host must do, with whichever engine. */
export function describeHost(version: HostEngine): void {
  describeNeeding([...hostNeeds(version), 'static busybox'], `a host with engine ${version}`, () => {
    let host: Host;
    let pristine: string;
    beforeAll(async () => {
      host = await bootHost(version);
      pristine = await keepPristine(host);
      await host.must('rm -f /alice.tar.gz');
      // The CA and the pairs once, so that what follows is about the engine alone.
      const { stderr } = await host.cli('secure', '--client', 'alice', '--config', '/root/daemon.json');
      expect(stderr).toBe('');
    }, 900_000);
    beforeEach(() => reset(host, pristine), SLOW);

    const apply = (...args: readonly string[]): ReturnType<Host['cli']> =>
      host.cli('secure', '--client', 'alice', '--apply', ...args);

    test('is the engine that it says it is', async () => {
      expect(await host.must('docker version --format {{.Server.Version}}')).toMatch(
        new RegExp(`^${version}\\.`),
      );
    });

    test.each(SECURED)(
      'ends secured, and undone as it was: $name',
      async ({ before = 'true', args = [], isDown }) => {
        await host.must(before);
        const was = await stateOf(host);
        expect(was.engine).toMatch(isDown ? /silent/ : /^\d/);

        const { code, stdout, stderr } = await apply(...args);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toContain('+ secured: 127.0.0.1:2376');
        expect(await host.must('docker version --format {{.Server.Version}}')).toMatch(/^\d/);
        expect(await host.must('ls -A /etc/docker')).not.toContain('change.json');

        const undone = await host.cli('daemon-config', 'undo', '--apply');
        expect(undone.code).toBe(isDown ? 1 : 0);
        if (isDown) return;
        await host.must('rm -f /etc/docker/daemon.json.*');
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    test.each(REFUSED)(
      'ends as it was: $name',
      async ({ before = 'true', args = [], code: expected, why }) => {
        await host.must(before);
        const was = await stateOf(host);
        const { code, stdout, stderr } = await apply(...args, '--json');
        const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } };
        expect({ ...error, exit: code }).toMatchObject({ code: expected, exit: 1 });
        expect(`${error.message}; ${error.hint}`).toMatch(why);
        expect(stderr).not.toContain('PRIVATE KEY');
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    describe('containers', () => {
      beforeEach(async () => {
        await importBusybox(host);
        await host.must(
          'docker rm -f c1 2>/dev/null; docker run --detach --network none --stop-signal KILL --name c1 busybox:test sleep 600',
        );
      }, SLOW);
      afterEach(() => host.must('docker kill c1; true'), SLOW);

      test(
        'run on with --live-restore, there and back',
        async () => {
          const was = await running(host);
          const { code, stderr } = await apply('--live-restore');
          expect({ code, stderr }).toEqual({
            code: 0,
            stderr: expect.stringContaining('1 container run on'),
          });
          expect(await running(host)).toBe(was);
          expect((await host.cli('daemon-config', 'undo', '--apply')).code).toBe(0);
          expect(await running(host)).toBe(was);
          expect(await host.must('docker info -f {{.LiveRestoreEnabled}}')).toBe('false\n');
        },
        SLOW,
      );

      test(
        'run on with --live-restore when all is put back',
        async () => {
          await host.must(
            dropIn('hard.conf', '[Service]\nInaccessiblePaths=/root') + 'systemctl daemon-reload',
          );
          const [was, state] = [await running(host), await stateOf(host)];
          const { code } = await apply('--live-restore');
          expect(code).toBe(1);
          expect(await running(host)).toBe(was);
          expect(await stateOf(host)).toEqual(state);
          expect(await host.must('docker info -f {{.LiveRestoreEnabled}}')).toBe('false\n');
        },
        SLOW,
      );

      test(
        'that stop are named, with the command that starts them',
        async () => {
          const { code, stdout } = await apply();
          expect(code).toBe(0);
          expect(stdout).toMatch(/the container c1 stopped with the engine: docker start [0-9a-f]{12}/);
        },
        SLOW,
      );
    });

    describePair(() => host, { isThorough: version === '20.10' });

    describeDoctor(() => host);

    // The engine's generation has no say in what follows.
    if (version !== '20.10') return;

    describeUndo(() => host);
    describeLostContainers(() => host);

    test(
      'with no --apply, the engine is left alone, and starts with what was written',
      async () => {
        const was = await stateOf(host);
        const started = await host.must('systemctl show -p InvocationID docker');
        const { code, stdout } = await host.cli('daemon-config');
        expect(code).toBe(0);
        expect(stdout).toContain(`${DROP_INS}/zz-docker-mtls.conf`);
        expect(stdout).toContain('next: restart the engine, for example: systemctl restart docker');
        expect(await host.must('systemctl show -p InvocationID docker')).toBe(started);
        await host.must('systemctl restart docker && docker version');

        expect((await host.cli('daemon-config', 'undo')).code).toBe(0);
        await host.must('rm -f /etc/docker/daemon.json.*; systemctl restart docker && docker version');
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    test(
      'an engine with a network port alone goes back to it',
      async () => {
        const command = `ExecStart=/usr/sbin/dockerd -H tcp://127.0.0.1:2375 ${CONTAINERD}`;
        const hidden = dropIn('hard.conf', '[Service]\nInaccessiblePaths=/root');
        // Nothing serves systemd's socket, and a client there waits.
        const restart = `${RESTART}; rm -f /run/docker.sock`;
        await host.must(dropIn('override.conf', `[Service]\nExecStart=\n${command}`) + hidden + restart);
        const { code, stdout } = await apply('--json');
        expect({ code, stdout }).toEqual({
          code: 1,
          stdout: expect.stringMatching(/HOST_ROLLED_BACK.*the engine serves as before/),
        });
        await host.must('docker -H tcp://127.0.0.1:2375 version && test ! -e /etc/docker/daemon.json');

        await host.must(`rm ${DROP_INS}/hard.conf; ${restart}`);
        expect((await apply()).code).toBe(0);
        expect((await host.cli('daemon-config', 'undo', '--apply')).code).toBe(0);
        await host.must('docker -H tcp://127.0.0.1:2375 version');
      },
      SLOW,
    );

    test(
      'an engine with TLS and no hosts is found on its port, and goes back to it',
      async () => {
        const pair = '/root/.local/share/docker-mtls/servers/node1';
        const files = `"tlscacert": "${pair}/ca.pem", "tlscert": "${pair}/server-cert.pem", "tlskey": "${pair}/server-key.pem"`;
        const command = `ExecStart=/usr/sbin/dockerd ${CONTAINERD}`;
        await host.must(
          write('/etc/docker/daemon.json', `{"tlsverify": true, ${files}}`) +
            dropIn('override.conf', `[Service]\nExecStart=\n${command}`) +
            `${RESTART}; rm -f /run/docker.sock`,
        );
        const was = await host.must('cat /etc/docker/daemon.json');
        expect(await apply('--json')).toMatchObject({
          code: 1,
          stdout: expect.stringMatching(/HOST_ENGINE_SILENT.*localhost:2376/),
        });
        expect((await apply('--force')).code).toBe(0);
        await host.must('docker version');
        expect(await host.cli('daemon-config', 'undo', '--apply')).toMatchObject({ code: 0 });
        expect(await host.must('cat /etc/docker/daemon.json')).toBe(was);
        await host.must(
          'DOCKER_CERT_PATH=/root/.local/share/docker-mtls/clients/alice DOCKER_TLS_VERIFY=1 docker -H tcp://localhost:2376 version',
        );
      },
      SLOW,
    );

    test(
      'with no --apply, a daemon.json that the engine does not read is not written',
      async () => {
        const command = `ExecStart=/usr/sbin/dockerd -H fd:// --config-file /srv/d.json ${CONTAINERD}`;
        await host.must(
          dropIn('override.conf', `[Service]\nExecStart=\n${command}`) + 'systemctl daemon-reload',
        );
        const was = await stateOf(host);
        const { code, stderr } = await host.cli('secure', '--client', 'alice');
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringContaining('add --config /srv/d.json'),
        });
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    test('nobody but root can keep others from the engine', async () => {
      expect((await host.cli('daemon-config', 'undo')).code).toBe(1);
      const { code, stderr } = await host.shell(
        "su nobody -s /bin/sh -c 'flock -n /run/docker-mtls.lock sleep 60'",
      );
      expect({ code, stderr }).toEqual({ code: 66, stderr: expect.stringContaining('Permission denied') });
    });

    test('with --dry-run, nothing changes', async () => {
      const was = await stateOf(host);
      expect((await apply('--dry-run')).code).toBe(0);
      expect(await stateOf(host)).toEqual(was);
    });

    test('an ordinary user is shown the plan where daemon.json can be read, and else is told why not', async () => {
      const plan = async (command: string): Promise<Finished> =>
        host.shell(
          `mkdir -pm 777 /tmp/nobody; cd /tmp/nobody; HOME=/tmp/nobody setpriv --reuid=nobody --regid=nogroup --clear-groups ${NODE} ${command} --dry-run`,
        );
      await host.must(write('/etc/docker/daemon.json', '{"debug": true}'));
      const { code, stdout } = await plan('secure node1 --client bob');
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(
          /a CA would be made.*"debug": true, "hosts".*ExecStart=.*warning: the file is not writable: cannot use the folder \/etc\/docker: permission denied/s,
        ),
      });
      for (const modes of ['chmod 710 /etc/docker', 'chmod 600 /etc/docker/daemon.json']) {
        await host.must(`chmod 755 /etc/docker; chmod 644 /etc/docker/daemon.json; ${modes}`);
        expect(await plan('secure node1 --client bob')).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('cannot read /etc/docker/daemon.json: permission denied\nhint: '),
        });
      }
    });

    test(
      'a second run leaves the engine running, and proves it again',
      async () => {
        await apply();
        const started = await host.must('systemctl show -p InvocationID docker');
        const { code, stdout } = await apply();
        expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+ secured:') });
        expect(await host.must('systemctl show -p InvocationID docker')).toBe(started);
      },
      SLOW,
    );

    test(
      'a pair that was replaced without --apply is taken over by a restart',
      async () => {
        await apply();
        expect((await host.cli('issue-server', 'node1', '--force')).code).toBe(0);
        const { code, stdout } = await host.cli('daemon-config', '--apply');
        expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+ secured:') });
      },
      SLOW,
    );

    test(
      'a swarm that would lose its only manager, or lock it, keeps it, unless told otherwise',
      async () => {
        const key = await host.must(
          'docker swarm init --autolock --advertise-addr 127.0.0.1 | grep -o "SWMKEY[^ ]*"',
        );
        const was = await stateOf(host);
        for (const [flag, why] of [
          ['--force', 'a swarm manager with autolock'],
          ['--allow-swarm-lock', 'its swarm has 0 of 1 managers'],
        ] as const) {
          const { code, stderr } = await apply(flag);
          expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(why) });
        }
        expect(await stateOf(host)).toEqual(was);
        expect(await apply('--force', '--allow-swarm-lock')).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('enter its unlock key with docker swarm unlock'),
        });
        for (const look of ['doctor', 'status'])
          expect(await host.cli(look)).toMatchObject({ code: 3, stdout: expect.stringContaining('DM619') });
        await host.must(`echo ${key.trim()} | docker swarm unlock && docker swarm leave --force`);
      },
      SLOW,
    );

    test.each(KILLS)(
      'is killed $name: the engine starts, and the next run goes on from there',
      async ({ when }) => {
        const was = await stateOf(host);
        await killCli(host, ['secure', '--client', 'alice', '--apply'], () => when(host));
        await host.must(
          'systemctl stop docker.service docker.socket; systemctl daemon-reload; systemctl reset-failed; systemctl start docker && docker version',
        );

        expect(await apply()).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('+ secured:'),
          stderr: expect.stringContaining('was interrupted: taking it back first'),
        });
        expect((await host.cli('daemon-config', 'undo', '--apply')).code).toBe(0);
        await host.must('rm -f /etc/docker/daemon.json.*');
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    test(
      'undo finishes what was interrupted before it, and says so',
      async () => {
        const was = await stateOf(host);
        await killCli(host, ['secure', '--client', 'alice', '--apply'], () => KILLS[2]?.when(host) ?? true);
        const { code, stdout, stderr } = await host.cli('daemon-config', 'undo');
        expect({ code, stdout, stderr }).toMatchObject({
          code: 0,
          stdout:
            'took back a change of /etc/docker/daemon.json that was interrupted; the engine is running\n',
        });
        expect(await stateOf(host)).toEqual(was);
      },
      SLOW,
    );

    test(
      'two at once: one waits for the other',
      async () => {
        const both = await Promise.all([apply(), apply()]);
        expect(both.map(({ code }) => code)).toEqual([0, 0]);
        expect(both.map(({ stderr }) => stderr).join('')).toContain('waiting for another docker-mtls');
      },
      SLOW,
    );
  });
}
