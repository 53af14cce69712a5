/** One hostile unit, environment file or address: what a host is made into, and the refusal that has to come of it. */
export type HostileUnit = {
  readonly name: string;
  /** A shell script, as root, on a host as it was installed. */
  readonly before: string;
  readonly args?: readonly string[];
  readonly code: string;
  /** A part of the message. */
  readonly says: string;
};

const UNIT = 'DAEMON_CONFIG_UNIT';
const DROP_INS = '/etc/systemd/system/docker.service.d';
const DEFAULTS = '/etc/default/docker';
const DOCKERD = '/usr/sbin/dockerd';

/** `printf` format: `\n` and `\377` mean what they mean there, and a percent sign stands twice. */
const file = (path: string, format: string): string =>
  `mkdir -p $(dirname ${path}) && printf '${format}\\n' >${path}`;
const override = (...lines: readonly string[]): string =>
  file(`${DROP_INS}/override.conf`, ['[Service]', ...lines].join('\\n'));
const command = (line: string): string => override('ExecStart=', `ExecStart=${line}`);
const socket = (line: string): string =>
  file('/etc/systemd/system/docker.socket.d/tcp.conf', `[Socket]\\nListenStream=${line}`);

const UNITS: readonly HostileUnit[] = [
  {
    name: 'no command at all',
    before: override('ExecStart='),
    code: UNIT,
    says: 'systemd refuses docker.service',
  },
  {
    name: 'a second command',
    before: override(`ExecStart=${DOCKERD} -H fd://`),
    code: UNIT,
    says: 'systemd refuses docker.service',
  },
  {
    name: 'two commands in a line',
    before: command(`${DOCKERD} -H fd:// ; /bin/true`),
    code: UNIT,
    says: 'systemd refuses docker.service',
  },
  {
    name: 'a quote that is not closed',
    before: command(`${DOCKERD} "-H fd://`),
    code: UNIT,
    says: 'systemd refuses docker.service',
  },
  {
    name: 'another program before it',
    before: command('/usr/bin/env dockerd -H fd://'),
    code: UNIT,
    says: '"/usr/bin/env"',
  },
  {
    name: 'a program that is not there',
    before: command('/opt/nothing -H fd://'),
    code: UNIT,
    says: '"/opt/nothing"',
  },
  { name: 'several flags in one word', before: command(`${DOCKERD} -DH fd://`), code: UNIT, says: '"-DH"' },
  {
    name: 'a host that only systemd can write out',
    before: command(`${DOCKERD} -H fd:// -H tcp://%%H:2375`),
    code: UNIT,
    says: '"tcp://%H:2375"',
  },
  {
    name: 'a drop-in that has the last word over ours',
    before: file(`${DROP_INS}/zzz.conf`, `[Service]\\nExecStart=\\nExecStart=${DOCKERD} -H fd://`),
    code: UNIT,
    says: 'zzz.conf:3 sets the command after zz-docker-mtls.conf',
  },
  {
    name: "somebody else's drop-in under our name",
    before: file(`${DROP_INS}/zz-docker-mtls.conf`, '[Service]\\nLimitNOFILE=4096'),
    code: UNIT,
    says: 'was not written by docker-mtls',
  },
  {
    name: 'our name, masked',
    before: `mkdir -p ${DROP_INS} && ln -s /dev/null ${DROP_INS}/zz-docker-mtls.conf`,
    code: 'FILE_NOT_REGULAR',
    says: 'zz-docker-mtls.conf',
  },
  {
    name: 'a folder under our name',
    before: `mkdir -p ${DROP_INS}/zz-docker-mtls.conf`,
    code: 'FILE_NOT_REGULAR',
    says: 'zz-docker-mtls.conf',
  },
  {
    name: 'a byte that is no UTF-8',
    before: override('Environment=A=\\377'),
    code: UNIT,
    says: 'override.conf is no text in UTF-8',
  },
  {
    name: 'a drop-in of three megabytes',
    before: `${override('LimitNOFILE=4096')}; head -c 3000000 /dev/zero | tr "\\\\0" "#" >>${DROP_INS}/override.conf`,
    code: 'FILE_TOO_LARGE',
    says: 'override.conf',
  },
  {
    name: 'a unit that is masked',
    before: 'systemctl --quiet mask --runtime docker.service',
    code: 'HOST_NO_SYSTEMD',
    says: 'no engine that systemd runs here reads /etc/docker/daemon.json',
  },
  {
    name: 'another file that the engine reads',
    before: command(`${DOCKERD} -H fd:// --config-file /srv/daemon.json`),
    code: 'HOST_OTHER_CONFIG',
    says: 'starts here reads /srv/daemon.json, not /etc/docker/daemon.json',
  },
];

const ENVIRONMENTS: readonly HostileUnit[] = [
  {
    name: 'an environment file that is a folder',
    before: `rm ${DEFAULTS} && mkdir ${DEFAULTS}`,
    code: 'FILE_NOT_REGULAR',
    says: DEFAULTS,
  },
  {
    name: 'an environment file that is a pipe',
    before: `rm ${DEFAULTS} && mkfifo ${DEFAULTS}`,
    code: 'FILE_NOT_REGULAR',
    says: DEFAULTS,
  },
  {
    name: 'an environment file that leads to itself',
    before: `ln -sf docker ${DEFAULTS}`,
    code: 'FILE_NOT_REGULAR',
    says: DEFAULTS,
  },
  {
    name: 'an environment file of three megabytes',
    before: `head -c 3000000 /dev/zero | tr "\\\\0" "#" >${DEFAULTS}`,
    code: 'FILE_TOO_LARGE',
    says: DEFAULTS,
  },
  {
    name: 'an environment file with a byte that is no UTF-8',
    before: file(DEFAULTS, 'DOCKER_OPTS="--label a=\\377"'),
    code: UNIT,
    says: `${DEFAULTS} is no text in UTF-8`,
  },
  {
    name: 'an environment file with a NUL',
    before: file(DEFAULTS, 'DOCKER_OPTS="--debug\\000"'),
    code: UNIT,
    says: `${DEFAULTS} is no text in UTF-8`,
  },
  {
    name: 'an environment file with several flags in one word',
    before: file(DEFAULTS, 'DOCKER_OPTS="-DH tcp://127.0.0.1:2375"'),
    code: UNIT,
    says: '"-DH"',
  },
  {
    name: 'an environment file that names another daemon.json',
    before: file(DEFAULTS, 'DOCKER_OPTS="--config-file=/srv/daemon.json"'),
    code: 'HOST_OTHER_CONFIG',
    says: 'starts here reads /srv/daemon.json, not /etc/docker/daemon.json',
  },
  {
    name: 'environment files by a pattern',
    before: override('EnvironmentFile=-/etc/default/dock*'),
    code: UNIT,
    says: '"-/etc/default/dock*" does not say plainly which file it is',
  },
  {
    name: 'an environment file that only systemd can name',
    before: override('EnvironmentFile=-/etc/default/%%p'),
    code: UNIT,
    says: '"-/etc/default/%p" does not say plainly which file it is',
  },
  {
    name: 'an environment file without its folder',
    before: override('EnvironmentFile=-docker'),
    code: UNIT,
    says: '"-docker" does not say plainly which file it is',
  },
];

const SOCKETS: readonly HostileUnit[] = [
  ...['2375', '0.0.0.0:2376', '[::]:2375', '%%H:2375', 'vsock::2375'].map((line) => ({
    name: `a docker.socket that listens on ${line}`,
    before: socket(line),
    code: UNIT,
    says: `opens "${line.replace('%%', '%')}" on the network`,
  })),
  {
    name: 'a socket of another name that starts the engine',
    before: `${file(
      '/etc/systemd/system/docker-tcp.socket',
      '[Socket]\\nListenStream=2375\\nService=docker.service\\n[Install]\\nWantedBy=sockets.target',
    )} && systemctl --quiet enable docker-tcp.socket`,
    code: UNIT,
    says: 'docker-tcp.socket:2 opens "2375" on the network',
  },
];

const ADDRESSES: readonly HostileUnit[] = [
  { name: 'an address of another link', args: ['[fe80::9]:2376'], says: 'fe80::9' },
  { name: 'an IPv6 address of another host', args: ['[2001:db8::9]:2376'], says: '2001:db8::9' },
  { name: 'a name of nobody', args: ['no-such-host.invalid:2376'], says: 'by the name no-such-host.invalid' },
].map(({ name, args, says }) => ({
  name,
  before: 'true',
  args: ['--listen', ...args],
  code: 'HOST_ADDRESS_ABSENT',
  says,
}));

export const HOSTILE_UNITS: readonly HostileUnit[] = [
  ...UNITS,
  ...ENVIRONMENTS,
  ...SOCKETS,
  ...ADDRESSES,
  {
    name: 'a port that is taken for IPv6',
    before: 'true',
    args: ['--listen', '[::]:22'],
    code: 'HOST_PORT_TAKEN',
    says: 'sshd',
  },
];
