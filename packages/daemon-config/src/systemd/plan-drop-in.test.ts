import { describe, expect, test } from '@jest/globals';
import { parseDaemonConfig } from '../document.ts';
import { planDaemonConfig } from '../plan.ts';
import { DROP_IN_MARK } from './drop-in-name.ts';
import { readEngineCommand } from './engine-command.ts';
import type { EngineCommand } from './engine-command.ts';
import { planDropIn } from './plan-drop-in.ts';
import type { DropInPlan } from './plan-drop-in.ts';
import { readServiceUnit } from './service-unit.ts';
import { refuseNetworkSocket } from './socket-unit.ts';
import type { UnitFile } from './unit-file.ts';

const DEBIAN = '/lib/systemd/system/docker.service';
const FOLDER = '/etc/systemd/system/docker.service.d';
const OVERRIDE = `${FOLDER}/override.conf`;
const OURS = `${FOLDER}/zz-docker-mtls.conf`;
const DEFAULTS = '/etc/default/docker';
const CONTAINERD = '--containerd=/run/containerd/containerd.sock';

/** The lines of the packages' units that matter here, comments among them. */
function debian(execStart = `/usr/sbin/dockerd -H fd:// ${CONTAINERD} $DOCKER_OPTS`): UnitFile {
  const text = `[Unit]
Description=Docker Application Container Engine
Requires=docker.socket

[Service]
Type=notify
# the default is not to use systemd for cgroups because the delegate issues still
# exists and systemd currently does not support the cgroup feature set required
EnvironmentFile=-${DEFAULTS}
ExecStart=${execStart}
ExecReload=/bin/kill -s HUP $MAINPID
Restart=always

[Install]
WantedBy=multi-user.target
`;
  return { path: DEBIAN, text };
}

function upstream(): UnitFile {
  const text = `[Service]\nType=notify\nExecStart=/usr/bin/dockerd -H fd:// ${CONTAINERD}\nExecReload=/bin/kill -s HUP $MAINPID\n`;
  return { path: '/usr/lib/systemd/system/docker.service', text };
}

function dropIn(text: string, path = OVERRIDE): UnitFile {
  return { path, text };
}

function command(files: readonly UnitFile[], options?: string): EngineCommand {
  const texts = new Map(
    options === undefined ? [] : [[DEFAULTS, `# Docker options\nDOCKER_OPTS="${options}"\n`]],
  );
  return readEngineCommand(readServiceUnit(files), { texts });
}

const PLANNED =
  '{"hosts": ["fd://", "tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/c/ca.pem", "tlscert": "/c/s.pem", "tlskey": "/c/k.pem"}';

function plan(
  files: readonly UnitFile[],
  { options, config = PLANNED }: { options?: string; config?: string } = {},
): DropInPlan {
  return planDropIn(command(files, options), {
    document: parseDaemonConfig(Buffer.from(config)),
    files,
    folder: FOLDER,
  });
}

function newCommand({ after }: DropInPlan): string | undefined {
  const [clear, set, ...rest] = after?.split('\n').filter((line) => line.startsWith('ExecStart')) ?? [];
  expect([clear, rest]).toEqual(['ExecStart=', []]);
  return set?.replace('ExecStart=', '');
}

describe('the whole text', () => {
  test('of the drop-in for the packaged unit', () => {
    expect(plan([debian()])).toEqual({
      path: OURS,
      before: undefined,
      after: `${DROP_IN_MARK}
# It repeats the command of ${DEBIAN} without these flags, which daemon.json has:
#   --host=fd://
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd ${CONTAINERD} $DOCKER_OPTS
`,
      changes: [
        {
          flag: '--host=fd://',
          key: 'hosts',
          why: `daemon.json has "hosts", and the engine does not start when ${DEBIAN}:10 says it too`,
        },
      ],
      warnings: [],
      flags: [CONTAINERD],
    });
  });
});

describe('only what clashes goes', () => {
  test.each([
    { name: "Docker's own package", files: [upstream()], result: `/usr/bin/dockerd ${CONTAINERD}` },
    {
      name: 'every spelling of -H',
      files: [
        debian(
          '/usr/sbin/dockerd -H fd:// --host=tcp://a:1 -H=unix:///x -Hfd:// --host "tcp://b:2" --dns 1.1.1.1',
        ),
      ],
      result: '/usr/sbin/dockerd --dns 1.1.1.1',
    },
    {
      name: 'TLS flags',
      files: [
        debian('/usr/sbin/dockerd --tlsverify --tlscacert=/a --tlscert /b --tlskey "/c d" --tls -l info'),
      ],
      result: '/usr/sbin/dockerd --tls -l info',
    },
    {
      name: 'what is quoted stays as it is written',
      files: [
        debian(
          `-/usr/sbin/dockerd -H fd:// --label "a=b c" --log-opt 'tag=%H' --label \\x41=1 --exec-opt $$x`,
        ),
      ],
      result: `-/usr/sbin/dockerd --label "a=b c" --log-opt 'tag=%H' --label \\x41=1 --exec-opt $$x`,
    },
    {
      name: 'a name to run under stays',
      files: [debian('@/usr/sbin/dockerd docker-engine -H fd:// -D')],
      result: '@/usr/sbin/dockerd docker-engine -D',
    },
    {
      name: 'the rootless script',
      files: [debian('/usr/bin/dockerd-rootless.sh -H unix:///run/user/1000/docker.sock --debug')],
      result: '/usr/bin/dockerd-rootless.sh --debug',
    },
    {
      name: 'continued lines',
      files: [debian(`/usr/sbin/dockerd \\\n  -H fd:// \\\n  ${CONTAINERD}`)],
      result: `/usr/sbin/dockerd ${CONTAINERD}`,
    },
  ])('$name', ({ files, result }) => {
    expect(newCommand(plan(files))).toBe(result);
  });

  test('also what clashed before us: the engine did not start as it was', () => {
    const config =
      '{"hosts": [], "debug": true, "log-opts": {"tag": "x"}, "proxies": {"http-proxy": "http://a"}}';
    const files = [
      debian(
        '/usr/sbin/dockerd --debug --log-opt tag=y --http-proxy http://b --add-runtime a=/b --icc=false',
      ),
    ];
    expect(newCommand(plan(files, { config }))).toBe('/usr/sbin/dockerd --add-runtime a=/b --icc=false');
  });

  test('nothing is planned when nothing clashes', () => {
    const files = [debian(`/usr/sbin/dockerd ${CONTAINERD} $DOCKER_OPTS`)];
    expect(plan(files, { options: '--dns 8.8.8.8' })).toEqual({
      path: OURS,
      before: undefined,
      after: undefined,
      changes: [],
      warnings: [],
      flags: [CONTAINERD, '--dns', '8.8.8.8'],
    });
  });
});

test.each(['host-gateway-ip', 'host-gateway-ips'])('--host-gateway-ip clashes with the key %s', (key) => {
  const unit = debian(`/usr/sbin/dockerd ${CONTAINERD} --host-gateway-ip 10.0.0.1`);
  const { after } = plan([unit], { config: JSON.stringify({ [key]: '10.0.0.1' }) });
  expect(after).toContain(`\nExecStart=/usr/sbin/dockerd ${CONTAINERD}\n`);
});

describe('variables', () => {
  test.each([
    {
      name: 'one without a clash stays a variable',
      options: '--dns 8.8.8.8',
      result: `/usr/sbin/dockerd ${CONTAINERD} $DOCKER_OPTS`,
      warned: false,
    },
    {
      name: 'one with a clash is written out',
      options: '-H tcp://0.0.0.0:2375 --dns 8.8.8.8',
      result: `/usr/sbin/dockerd ${CONTAINERD} --dns 8.8.8.8`,
      warned: true,
    },
    {
      name: 'one with nothing but a clash goes',
      options: '--tlsverify',
      result: `/usr/sbin/dockerd ${CONTAINERD}`,
      warned: true,
    },
    {
      name: 'what it held is quoted',
      options: `--tls --tlsverify --label 'a=b c' --label $$x%H`,
      result: `/usr/sbin/dockerd ${CONTAINERD} --tls --label "a=b c" --label $$$$x%%H`,
      warned: true,
    },
  ])('$name', ({ options, result, warned }) => {
    const planned = plan([debian()], { options });
    expect(newCommand(planned)).toBe(result);
    expect(
      planned.warnings.some((warning) => warning.includes('$DOCKER_OPTS') && warning.includes(DEFAULTS)),
    ).toBe(warned);
  });

  test('a flag whose value is a variable goes with it', () => {
    const unit = debian('/usr/sbin/dockerd -H ${A} --host=${A} -H $B --dns ${A} -D $C');
    const files = [unit, dropIn('[Service]\nEnvironment="A=tcp://a:1" "B=tcp://b:1 --icc=false" C=\n')];
    expect(newCommand(plan(files))).toBe('/usr/sbin/dockerd --icc=false --dns ${A} -D $C');
  });

  test('nothing is replaced behind the prefix that says so', () => {
    expect(
      newCommand(plan([debian(':/usr/sbin/dockerd -H fd:// -D $DOCKER_OPTS')], { options: '--tlsverify' })),
    ).toBe(':/usr/sbin/dockerd -D $DOCKER_OPTS');
  });

  test('the file goes before the unit', () => {
    const files = [debian(), dropIn('[Service]\nEnvironment="DOCKER_OPTS=--tlsverify"\n')];
    expect(command(files, '--icc=false').flags.map(({ name }) => name)).toEqual([
      'host',
      'containerd',
      'icc',
    ]);
    expect(command(files).flags.map(({ name }) => name)).toEqual(['host', 'containerd', 'tlsverify']);
  });
});

describe("an administrator's drop-in", () => {
  const override = dropIn(
    `[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// -H tcp://127.0.0.1:2375 --mtu 1400\n`,
  );

  test('is kept, and ours made from it', () => {
    const planned = plan([debian(), override]);
    expect(newCommand(planned)).toBe('/usr/bin/dockerd --mtu 1400');
    expect(planned.warnings).toEqual([
      `${OVERRIDE} sets the command and stays; after a change of it, run this command again`,
    ]);
  });

  test('that sets something else is not touched', () => {
    const planned = plan([debian(), dropIn('[Service]\nLimitNOFILE=1\nEnvironment=HTTP_PROXY=http://a\n')]);
    expect(newCommand(planned)).toBe(`/usr/sbin/dockerd ${CONTAINERD} $DOCKER_OPTS`);
    expect(planned.warnings).toEqual([]);
  });

  test.each([
    {
      name: 'a second command',
      files: [debian(), dropIn('[Service]\nExecStart=/usr/bin/dockerd -D\n')],
      message: `${OVERRIDE}:2: a second command`,
    },
    {
      name: 'two commands in one',
      files: [debian('/usr/bin/dockerd -H fd:// ; /bin/true')],
      message: `${DEBIAN}:10: a second command`,
    },
    {
      name: 'no command',
      files: [debian(), dropIn('[Service]\nExecStart=\n')],
      message: `${DEBIAN} starts nothing`,
    },
    {
      name: 'a shell',
      files: [debian(`/bin/sh -c "exec dockerd -H fd://"`)],
      message: `${DEBIAN}:10: starts "/bin/sh", not dockerd`,
    },
    {
      name: 'an open quote',
      files: [debian('/usr/bin/dockerd "-H fd://')],
      message: 'a quote is not closed',
    },
    {
      name: 'a drop-in behind ours',
      files: [
        debian(),
        dropIn('[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd://\n', `${FOLDER}/zzz.conf`),
      ],
      message: `${FOLDER}/zzz.conf:3 sets the command after`,
    },
    {
      name: 'another file by the name of the drop-in',
      files: [debian(), dropIn('[Service]\nExecStart=\n', OURS)],
      message: `${OURS} already exists and was not written by docker-mtls`,
    },
  ])('$name is refused', ({ files, message }) => {
    expect(() => plan(files)).toThrow(
      expect.objectContaining({
        code: 'DAEMON_CONFIG_UNIT',
        message: expect.stringContaining(message),
        hint: expect.any(String),
      }),
    );
  });
});

describe('a second time', () => {
  test('the same comes out, ours being passed over', () => {
    const first = plan([debian()]);
    const second = plan([debian(), dropIn(first.after ?? '', OURS)]);
    expect(second).toEqual({ ...first, before: first.after });
  });

  test('ours goes when nothing clashes any more', () => {
    const { after = '' } = plan([debian()]);
    expect(plan([debian(`/usr/sbin/dockerd ${CONTAINERD}`), dropIn(after, OURS)])).toMatchObject({
      before: after,
      after: undefined,
    });
  });
});

function together(execStart: string): readonly string[] {
  const engine = command([debian(execStart)]);
  const planned = planDaemonConfig(parseDaemonConfig(undefined), {
    listen: ['0.0.0.0:2376'],
    localSocket: 'unix:///var/run/docker.sock',
    flags: engine,
    files: { ca: '/c/ca.pem', certificate: '/c/s.pem', key: '/c/k.pem' },
  });
  return (JSON.parse(planned.after) as { hosts: string[] }).hosts;
}

describe('with daemon.json', () => {
  test.each([
    {
      name: 'fd:// moves into it',
      execStart: '/usr/sbin/dockerd -H fd://',
      hosts: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'every socket moves',
      execStart: '/usr/sbin/dockerd -H fd:// -H unix:///x',
      hosts: ['fd://', 'unix:///x', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'a plain port does not',
      execStart: '/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375',
      hosts: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'another port does',
      execStart: '/usr/sbin/dockerd -H tcp://10.0.0.5:4243',
      hosts: ['unix:///var/run/docker.sock', 'tcp://10.0.0.5:4243', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'so does 2375 with TLS',
      execStart: '/usr/sbin/dockerd --tlsverify -H tcp://10.0.0.5:2375 -H fd://',
      hosts: ['tcp://10.0.0.5:2375', 'fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'no host at all means the usual socket',
      execStart: '/usr/sbin/dockerd',
      hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376'],
    },
  ])('$name', ({ execStart, hosts }) => {
    expect(together(execStart)).toEqual(hosts);
  });

  test('the file that the unit names is told, and not given to the validation', () => {
    const files = [debian('/usr/sbin/dockerd --config-file /x.json -H fd:// -D')];
    expect(command(files).configFile).toBe('/x.json');
    expect(plan(files).flags).toEqual(['-D']);
  });
});

test('warns of a plugin that a reload would switch off', () => {
  expect(plan([debian('/usr/sbin/dockerd -H fd:// --authorization-plugin x')]).warnings).toEqual([
    expect.stringContaining('silently turns it off'),
  ]);
});

function more(text: string): UnitFile {
  return dropIn(text, '/etc/systemd/system/docker.socket.d/tcp.conf');
}

describe('refuseNetworkSocket', () => {
  const path = '/lib/systemd/system/docker.socket';
  const packaged = {
    path,
    text: '[Socket]\n# ListenStream=2375\nListenStream=/run/docker.sock\nSocketMode=0660\n',
  };

  test.each([
    { name: 'the packaged one', files: [packaged] },
    { name: 'a specifier', files: [{ path, text: '[Socket]\nListenStream=%t/docker.sock\n' }] },
    {
      name: 'one cleared again',
      files: [
        { path, text: '[Socket]\nListenStream=2375\n' },
        more('[Socket]\nListenStream=\nListenStream=/x\n'),
      ],
    },
  ])('$name is fine', ({ files }) => {
    expect(() => refuseNetworkSocket(files)).not.toThrow();
  });

  test.each(['2375', '0.0.0.0:2375', '127.0.0.1:2375', '[::]:2376', 'vsock:2:1234'])(
    '%s is not',
    (address) => {
      expect(() => refuseNetworkSocket([packaged, more(`[Socket]\nListenStream=${address}\n`)])).toThrow(
        expect.objectContaining({
          code: 'DAEMON_CONFIG_UNIT',
          message: `/etc/systemd/system/docker.socket.d/tcp.conf:2 opens "${address}" on the network, past daemon.json`,
        }),
      );
    },
  );
});
