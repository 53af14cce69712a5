import { quoteWord } from '@docker-mtls/daemon-config';
import { HARDENED, unitText } from '../unit-text.ts';

/** By this name the engine knows the plugin, and systemd its units. */
export const PLUGIN = 'docker-mtls';
const UNIT = 'docker-mtls-authz';

type Place = 'settings' | 'policy' | 'roots' | 'lists' | 'audit' | 'socket' | 'spec';

/** Where everything is of the plugin of this machine's engine, docker.service. */
export const PLUGIN_PLACES: Readonly<Record<Place, string>> = {
  /** Root's alone: the policy, the locks, the CAs and the revocation list. */
  settings: '/etc/docker-mtls/docker',
  policy: '/etc/docker-mtls/docker/policy.yaml',
  roots: '/etc/docker-mtls/docker/ca.pem',
  lists: '/etc/docker-mtls/docker/crl.pem',
  audit: '/var/log/docker-mtls/docker',
  socket: '/run/docker-mtls/docker/plugin.sock',
  /** How the engine finds the socket by the plugin's name (moby pkg/plugins/discovery.go). */
  spec: '/etc/docker/plugins/docker-mtls.spec',
};

export const SOCKET_UNIT: string = `${UNIT}.socket`;
export const SERVICE_UNIT: string = `${UNIT}.service`;

export function specText(): string {
  return `unix://${PLUGIN_PLACES.socket}\n`;
}

export type PluginService = {
  /** Node and the program, or the program alone: absolute paths. */
  readonly program: readonly string[];
  /** The engine's local socket, and the group that may use it. */
  readonly engineSocket: string;
  readonly group: string;
};

/** The program and the engine where packages of Debian put them. */
export const PACKAGED_SERVICE: PluginService = {
  program: ['/usr/bin/docker-mtls'],
  engineSocket: '/run/docker.sock',
  group: 'docker',
};

/** The one place with the texts of these units, by their names: `authz install` and the packages write what is said here. */
export function pluginUnits(service: PluginService): ReadonlyMap<string, string> {
  return new Map([
    [SOCKET_UNIT, unitText(SOCKET)],
    [SERVICE_UNIT, unitText(serviceLines(service))],
  ]);
}

/** systemd holds the socket from before the engine starts: requests wait in it while the plugin is started again. */
const SOCKET: readonly string[] = [
  '[Unit]',
  'Description=Socket where the Docker engine asks docker-mtls about each request',
  'Documentation=man:docker-mtls-authz(1)',
  'Before=docker.service',
  '',
  '[Socket]',
  `ListenStream=${PLUGIN_PLACES.socket}`,
  'SocketMode=0600',
  'DirectoryMode=0700',
  '',
  '[Install]',
  'WantedBy=sockets.target docker.service',
];

function serviceLines({ program, engineSocket, group }: PluginService): readonly string[] {
  const { policy, roots, lists, audit } = PLUGIN_PLACES;
  const files = ['--policy', policy, '--ca', roots, '--crl', lists, '--audit', audit];
  const words = [...program, 'authz', 'serve', ...files, '--engine', engineSocket];
  return [
    '[Unit]',
    'Description=Decide what clients of the Docker engine may do',
    'Documentation=man:docker-mtls-authz(1)',
    `Requires=${SOCKET_UNIT}`,
    `After=${SOCKET_UNIT}`,
    // However often it ends, the engine denies everything until it is back.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${words.map((word) => quoteWord(word, { expands: true })).join(' ')}`,
    'Restart=always',
    'RestartSec=100ms',
    'OOMPolicy=kill',
    ...CONFINED,
    `SupplementaryGroups=${group}`,
    '',
    '[Install]',
    `Also=${SOCKET_UNIT}`,
  ];
}

/** A user of its own that exists while it runs, and sees neither homes nor devices nor a network. */
const CONFINED: readonly string[] = [
  'User=docker-mtls',
  'DynamicUser=true',
  'LogsDirectory=docker-mtls/docker',
  'LogsDirectoryMode=0700',
  'UMask=0077',
  'LimitNOFILE=65536',
  'CapabilityBoundingSet=',
  'ProtectHome=true',
  'ProtectSystem=strict',
  'RestrictAddressFamilies=AF_UNIX',
  ...HARDENED,
];
