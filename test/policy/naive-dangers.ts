import { MEMBERS } from './members.ts';

/** Guards that a body would breach, each with the member's own name: written from docs/policy.md alone, as slowly as it likes. */
export type Danger = { readonly guard: string; readonly member: string };

type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
type Members = { [name: string]: Value };

export type Seen = {
  readonly dangers: Danger[];
  readonly volumes: string[];
  readonly networks: string[];
  /** What else a rule on objects is about, as `kind reference`. */
  readonly uses: string[];
};

export function fold(name: string): string {
  return [...name]
    .map((letter) => (letter === '\u017f' ? 's' : letter === '\u212a' ? 'k' : letter))
    .join('')
    .toLowerCase();
}

function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: Value): boolean {
  return (
    value === null ||
    (Array.isArray(value) ? value.length === 0 : isMembers(value) && Object.keys(value).length === 0)
  );
}

const DEFAULT_CAPABILITIES =
  ' AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT ';
const SAFE_SYSCTLS = ` kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports
  net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_syncookies net.ipv4.tcp_keepalive_time
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_fin_timeout net.ipv4.tcp_rmem net.ipv4.tcp_wmem `;
const LOG_OPTIONS = ' max-size max-file max-buffer-size mode compress labels labels-regex env env-regex tag ';
const NETWORK_OPTIONS =
  ' com.docker.network.bridge.enable_icc com.docker.network.bridge.enable_ip_masquerade com.docker.network.driver.mtu encrypted ';

function isIn(words: string, word: Value): boolean {
  return typeof word === 'string' && /^\S+$/.test(word) && words.split(/\s+/).includes(word);
}

const isVolumeName = (name: Value): boolean =>
  typeof name === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name);

/** Options of a local volume that the page permits. */
export function isPlainVolume(options: Members): boolean {
  const names = Object.keys(options);
  if (names.length === 0) return true;
  if (options['type'] !== 'tmpfs' || options['device'] !== 'tmpfs') return false;
  if (names.some((name) => !['type', 'device', 'o'].includes(name))) return false;
  const words = options['o'] ?? '';
  if (typeof words !== 'string') return false;
  return (
    words === '' ||
    words
      .split(',')
      .every(
        (word) =>
          /^(size|nr_inodes|uid|gid|mode)=\d+[kKmMgG]?$/.test(word) || /^no(suid|dev|exec)$/.test(word),
      )
  );
}

/** Where the page speaks of a value: by the body that it is in, and its name. `*` is any body. */
const RULES: Readonly<Record<string, (value: Value, say: (guard: string) => void, seen: Seen) => void>> = {
  '*.Privileged': (value, say) => value === true && say('privileged'),
  '*.Binds': (value, say, { volumes }) => {
    for (const bind of Array.isArray(value) ? value : []) {
      const parts = String(bind).split(':');
      if (parts.length === 1 && String(bind).startsWith('/')) continue;
      const words = (parts[2] ?? '').split(',');
      const areKnown = words.every((word) =>
        ['', 'ro', 'rw', 'z', 'Z', 'nocopy', 'consistent', 'cached', 'delegated'].includes(word),
      );
      if (parts.length < 2 || parts.length > 3 || !areKnown || !isVolumeName(parts[0] ?? ''))
        say('host-bind');
      else volumes.push(parts[0] ?? '');
    }
  },
  'Mount.': (value, say, { volumes }) => {
    const type = find(value, 'Type') ?? null;
    const source = find(value, 'Source') ?? '';
    if (type !== 'volume' && type !== 'tmpfs') say('host-bind');
    if (source === '') return;
    if (type === 'volume' && isVolumeName(source)) volumes.push(String(source));
    else say('host-bind');
  },
  'Mount.BindOptions': (value, say) => !isEmpty(value) && say('host-bind'),
  'Mount.ImageOptions': (value, say) => !isEmpty(value) && say('host-bind'),
  'Mount.ClusterOptions': (value, say) => !isEmpty(value) && say('host-bind'),
  'VolumeOptions.Subpath': (value, say) => {
    if (typeof value === 'string' && (value.startsWith('/') || value.split('/').includes('..')))
      say('host-bind');
  },
  '*.VolumeDriver': (value, say) => !['', 'local', null].includes(value as string) && say('volume-driver'),
  'DriverConfig.Name': (value, say) => !['', 'local', null].includes(value as string) && say('volume-driver'),
  'DriverConfig.Options': (value, say) => isMembers(value) && !isPlainVolume(value) && say('volume-driver'),
  'VolumeCreate.Driver': (value, say) =>
    !['', 'local', null].includes(value as string) && say('volume-driver'),
  'VolumeCreate.DriverOpts': (value, say) =>
    isMembers(value) && !isPlainVolume(value) && say('volume-driver'),
  'VolumeCreate.ClusterVolumeSpec': (value, say) => !isEmpty(value) && say('volume-driver'),
  'VolumeUpdate.Spec': (value, say) => !isEmpty(value) && say('volume-driver'),
  '*.VolumesFrom': (value, say) => !isEmpty(value) && say('volumes-from'),
  '*.NetworkMode': (value, say, { uses }) => {
    checkNetwork(value, say);
    useNetwork(value, uses);
  },
  'Networking.EndpointsConfig': (value, say, { uses }) => {
    for (const name of isMembers(value) ? Object.keys(value) : []) {
      checkNetwork(name, say);
      useNetwork(name, uses);
    }
  },
  'Endpoint.NetworkID': (value, _, { uses }) => use('network', value, uses),
  'Endpoint.Links': () => undefined,
  '*.Links': (value, _, { uses }) => {
    for (const link of Array.isArray(value) ? value : [])
      if (typeof link === 'string') use('container', (link.split(':')[0] ?? '').replace(/^\//, ''), uses);
  },
  'Secret.SecretID': (value, _, { uses }) => use('secret', value, uses),
  'Config.ConfigID': (value, _, { uses }) => use('config', value, uses),
  'Attachment.Target': (value, say, { networks, uses }) => {
    checkNetwork(value, say);
    useNetwork(value, uses);
    if (typeof value === 'string' && value !== 'host') networks.push(value);
  },
  '*.PidMode': (value, say) => checkNamespace(value, [], say),
  '*.UTSMode': (value, say) => checkNamespace(value, [], say),
  '*.UsernsMode': (value, say) => checkNamespace(value, [], say),
  '*.IpcMode': (value, say) => checkNamespace(value, ['none', 'private', 'shareable'], say),
  '*.CgroupnsMode': (value, say) => checkNamespace(value, ['private'], say),
  '*.CapAdd': (value, say) => checkCapabilities(value, say),
  '*.CapabilityAdd': (value, say) => checkCapabilities(value, say),
  '*.Devices': (value, say) => !isEmpty(value) && say('devices'),
  '*.DeviceCgroupRules': (value, say) => !isEmpty(value) && say('devices'),
  '*.DeviceRequests': (value, say) => !isEmpty(value) && say('devices'),
  '*.BlkioWeightDevice': (value, say) => !isEmpty(value) && say('devices'),
  '*.BlkioDeviceReadBps': (value, say) => !isEmpty(value) && say('devices'),
  '*.BlkioDeviceWriteBps': (value, say) => !isEmpty(value) && say('devices'),
  '*.BlkioDeviceReadIOps': (value, say) => !isEmpty(value) && say('devices'),
  '*.BlkioDeviceWriteIOps': (value, say) => !isEmpty(value) && say('devices'),
  '*.SecurityOpt': (value, say) => {
    const known = ['no-new-privileges', 'no-new-privileges=true', 'no-new-privileges:true', null];
    if (Array.isArray(value) && value.some((option) => !known.includes(option as string)))
      say('security-options');
  },
  '*.MaskedPaths': (value, say) => value !== null && say('security-options'),
  '*.ReadonlyPaths': (value, say) => value !== null && say('security-options'),
  'Privileges.CredentialSpec': (value, say) => !isEmpty(value) && say('security-options'),
  'Privileges.SELinuxContext': (value, say) => !isEmpty(value) && say('security-options'),
  'Seccomp.Mode': (value, say) => !['', 'default', null].includes(value as string) && say('security-options'),
  'Seccomp.Profile': (value, say) => !isEmpty(value) && say('security-options'),
  'AppArmor.Mode': (value, say) =>
    !['', 'default', null].includes(value as string) && say('security-options'),
  '*.Annotations': (value, say) => !isEmpty(value) && say('runtime'),
  '*.Isolation': (value, say) => !['', 'default', null].includes(value as string) && say('runtime'),
  '*.Runtime': (value, say) => typeof value === 'string' && value !== '' && say('runtime'),
  'Task.Runtime': (value, say) =>
    !['', 'container', null].includes(value as string) && say('service-runtime'),
  'Task.PluginSpec': (value, say) => !isEmpty(value) && say('service-runtime'),
  'Task.NetworkAttachmentSpec': (value, say) => !isEmpty(value) && say('service-runtime'),
  '*.CgroupParent': (value, say) => !['', null].includes(value as string) && say('cgroup'),
  '*.Cgroup': (value, say) => !['', null].includes(value as string) && say('cgroup'),
  '*.Sysctls': (value, say) =>
    isMembers(value) && Object.keys(value).some((name) => !isIn(SAFE_SYSCTLS, name)) && say('sysctls'),
  '*.GroupAdd': (value, say) => !isEmpty(value) && say('groups'),
  '*.Groups': (value, say) => !isEmpty(value) && say('groups'),
  'Log.Type': (value, say) => checkLogDriver(value, say),
  'LogDriver.Name': (value, say) => checkLogDriver(value, say),
  'Log.Config': (value, say) => checkLogOptions(value, say),
  'LogDriver.Options': (value, say) => checkLogOptions(value, say),
  '*.OomScoreAdj': (value, say) => typeof value === 'number' && value < 0 && say('limits'),
  '*.OomKillDisable': (value, say) => value === true && say('limits'),
  '*.CpuRealtimePeriod': (value, say) => typeof value === 'number' && value !== 0 && say('limits'),
  '*.CpuRealtimeRuntime': (value, say) => typeof value === 'number' && value !== 0 && say('limits'),
  'Endpoint.DriverOpts': (value, say) => checkEndpointOptions(value, say),
  'Attachment.DriverOpts': (value, say) => checkEndpointOptions(value, say),
  'NetworkCreate.Driver': (value, say) =>
    !['', 'bridge', 'overlay', null].includes(value as string) && say('network'),
  'NetworkCreate.Scope': (value, say) =>
    !['', 'local', 'swarm', null].includes(value as string) && say('network'),
  'NetworkCreate.Ingress': (value, say) => value === true && say('network'),
  'NetworkCreate.ConfigOnly': (value, say) => value === true && say('network'),
  'ConfigFrom.Network': (value, say) => !['', null].includes(value as string) && say('network'),
  'IPAM.Driver': (value, say) => !['', 'default', null].includes(value as string) && say('network'),
  'IPAM.Options': (value, say) => !isEmpty(value) && say('network'),
  'IPAM.Config': (value, say) => !isEmpty(value) && say('network-addresses'),
  'NetworkCreate.Options': (value, say) =>
    isMembers(value) && Object.keys(value).some((name) => !isIn(NETWORK_OPTIONS, name)) && say('network'),
  'ContainerExec.User': (value, say) => !['', null].includes(value as string) && say('exec-user'),
  'SecretSpec.Driver': (value, say) => !isEmpty(value) && say('secret-driver'),
  'SecretSpec.Templating': (value, say) => !isEmpty(value) && say('secret-driver'),
};

function use(kind: string, value: Value, uses: string[]): void {
  if (typeof value === 'string' && value !== '') uses.push(`${kind} ${value}`);
}

function useNetwork(value: Value, uses: string[]): void {
  if (typeof value !== 'string' || value.startsWith('container:')) return;
  if (!['default', 'bridge', 'none', 'host'].includes(value)) use('network', value, uses);
}

function checkNetwork(value: Value, say: (guard: string) => void): void {
  if (typeof value !== 'string' || value === '') return;
  if (value.startsWith('container:')) say('join-namespace');
  else if (value === 'host' || !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value)) say('host-namespace');
}

function checkNamespace(value: Value, permitted: readonly string[], say: (guard: string) => void): void {
  if (typeof value !== 'string' || value === '' || permitted.includes(value)) return;
  say(value.startsWith('container:') ? 'join-namespace' : 'host-namespace');
}

function checkCapabilities(value: Value, say: (guard: string) => void): void {
  for (const name of Array.isArray(value) ? value : []) {
    if (typeof name !== 'string') continue;
    const plain = name.toUpperCase().replace(/^CAP_/, '');
    if (!isIn(DEFAULT_CAPABILITIES, plain)) say('capabilities');
    if (plain !== 'NET_BIND_SERVICE') say('added-capabilities');
  }
}

function checkLogDriver(value: Value, say: (guard: string) => void): void {
  if (!['', 'json-file', 'local', 'none', 'journald', null].includes(value as string)) say('log-driver');
}

function checkLogOptions(value: Value, say: (guard: string) => void): void {
  if (isMembers(value) && Object.keys(value).some((name) => !isIn(LOG_OPTIONS, name))) say('log-driver');
}

function checkEndpointOptions(value: Value, say: (guard: string) => void): void {
  for (const name of isMembers(value) ? Object.keys(value) : []) {
    if (name === 'com.docker.network.endpoint.sysctls') say('sysctls');
    else if (name !== 'com.docker.network.endpoint.ifname') say('network');
  }
}

/** A member whatever the case of its name. */
export function find(members: Value | undefined, name: string): Value | undefined {
  if (members === undefined || !isMembers(members)) return undefined;
  return Object.entries(members).find(([each]) => fold(each) === fold(name))?.[1];
}

/** Looks at a value of a kind (members.ts) that stands at a member of a body. */
export function look(
  value: Value,
  kind: string,
  place: { readonly body: string; readonly member: string },
  seen: Seen,
): void {
  const say = (guard: string): void => {
    seen.dangers.push({ guard, member: place.member });
  };
  const rule = RULES[`${place.body}.${place.member}`] ?? RULES[`*.${place.member}`];
  rule?.(value, say, seen);
  if (value === null && kind === 'Mount') say('host-bind');
  if (value === null || kind === '?') return;
  if (kind.startsWith('[')) {
    if (!Array.isArray(value)) return say('body');
    return value.forEach((item) => look(item, kind.slice(1, -1), { body: '', member: '' }, seen));
  }
  if (kind.startsWith('{')) {
    if (!isMembers(value)) return say('body');
    return Object.values(value).forEach((item) =>
      look(item, kind.slice(1, -1), { body: '', member: '' }, seen),
    );
  }
  const members = MEMBERS.get(kind);
  if (members !== undefined) return lookAtMembers(value, kind, members, seen);
  const isList =
    kind === 'c' && Array.isArray(value) && value.every((item) => item === null || typeof item === 'string');
  const types: Record<string, boolean> = {
    s: typeof value === 'string',
    b: typeof value === 'boolean',
    i: Number.isInteger(value),
    n: typeof value === 'number',
    c: typeof value === 'string' || isList,
  };
  if (types[kind] !== true) say('body');
}

function lookAtMembers(value: Value, kind: string, members: ReadonlyMap<string, string>, seen: Seen): void {
  if (!isMembers(value)) {
    seen.dangers.push({ guard: 'body', member: kind });
    return;
  }
  RULES[`${kind}.`]?.(value, (guard) => seen.dangers.push({ guard, member: kind }), seen);
  const names = Object.keys(value).map(fold);
  if (new Set(names).size !== names.length) seen.dangers.push({ guard: 'body', member: kind });
  for (const [name, item] of Object.entries(value)) {
    const known = [...members.keys()].find((each) => fold(each) === fold(name));
    if (known === undefined) seen.dangers.push({ guard: 'unknown-fields', member: fold(name) });
    else look(item, members.get(known) ?? '?', { body: kind, member: known }, seen);
  }
}
