import type { Check } from './check.ts';
import {
  all,
  empty,
  flag,
  wholeNumber,
  isFull,
  isObject,
  listOf,
  map,
  oneOf,
  only,
  struct,
  text,
  used,
} from './check.ts';

const SYSCTLS_OF_AN_INTERFACE = 'com.docker.network.endpoint.sysctls';
const INTERFACE_NAME = 'com.docker.network.endpoint.ifname';
/** Options of the bridge and overlay drivers that stay within the network. `com.docker.network.bridge.name` would join one of the host. */
const NETWORK_OPTIONS = new Set([
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.bridge.enable_ip_masquerade',
  'com.docker.network.driver.mtu',
  'encrypted',
]);

const endpointOptions: Check = (value, where, findings) => {
  map(text)(value, where, findings);
  if (!isObject(value)) return;
  for (const name of value.keys()) {
    if (isFull(findings)) return;
    if (name === INTERFACE_NAME) continue;
    const guard = name === SYSCTLS_OF_AN_INTERFACE ? 'sysctls' : 'network';
    findings.breaches.push({ guard, where, problem: `has ${JSON.stringify(name).slice(0, 80)}` });
  }
};

export const endpoint: Check = struct({
  IPAMConfig: struct({ IPv4Address: text, IPv6Address: text, LinkLocalIPs: listOf(text) }),
  Links: listOf(text),
  MacAddress: text,
  Aliases: listOf(text),
  DriverOpts: endpointOptions,
  GwPriority: wholeNumber,
  // Preferred to the name (daemon/container_operations.go, getNetworkID).
  NetworkID: used('network'),
  EndpointID: text,
  Gateway: text,
  IPAddress: text,
  IPPrefixLen: wholeNumber,
  IPv6Gateway: text,
  GlobalIPv6Address: text,
  GlobalIPv6PrefixLen: wholeNumber,
  DNSNames: listOf(text),
});

/** The names of the networks a container joins, and how. */
export const endpoints: Check = (value, where, findings) => {
  map(endpoint)(value, where, findings);
  if (!isObject(value)) return;
  for (const name of value.keys()) {
    if (isFull(findings)) return;
    networkMode(name, where, findings);
  }
};

/** Every engine has these, and they are nobody's. */
const EVERYBODYS: ReadonlySet<string> = new Set(['default', 'bridge', 'none', 'host']);

const joined = used('network', (name) => (EVERYBODYS.has(name) || name.startsWith('container:') ? '' : name));

/** The engine itself refuses the host's network under any other name (daemon/container_operations.go, ErrConflictHostNetwork). */
export const networkMode: Check = (value, where, findings) => {
  joined(value, where, findings);
  if (typeof value !== 'string' || value === '' || /^(?!host$)[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value))
    return;
  const guard = value.startsWith('container:') ? 'join-namespace' : 'host-namespace';
  findings.breaches.push({ guard, where, problem: `is ${JSON.stringify(value).slice(0, 80)}` });
};

/** Swarm takes the host's network under its identifier too, so the name alone proves nothing. */
const target: Check = (value, where, findings) => {
  networkMode(value, where, findings);
  if (typeof value === 'string' && value !== 'host') findings.networks.add(value);
};

export const attachments: Check = listOf(
  struct({ Target: target, Aliases: listOf(text), DriverOpts: endpointOptions }),
);

const isFalse = (value: unknown): boolean => value === false;

export const networkCreate: Check = struct({
  Name: text,
  CheckDuplicate: flag,
  Driver: oneOf('network', ['', 'bridge', 'overlay']),
  Scope: oneOf('network', ['', 'local', 'swarm']),
  Internal: flag,
  Attachable: flag,
  Ingress: only('network', flag, isFalse),
  ConfigOnly: only('network', flag, isFalse),
  ConfigFrom: struct({ Network: oneOf('network', ['']) }),
  IPAM: struct({
    Driver: oneOf('network', ['', 'default']),
    Config: all(
      listOf(struct({ Subnet: text, IPRange: text, Gateway: text, AuxiliaryAddresses: map(text) })),
      empty('network-addresses'),
    ),
    Options: empty('network'),
  }),
  EnableIPv4: flag,
  EnableIPv6: flag,
  Options: only(
    'network',
    map(text),
    (value) => !isObject(value) || [...value.keys()].every((name) => NETWORK_OPTIONS.has(name)),
  ),
  Labels: map(text),
});

export const networkConnect: Check = struct({ Container: text, EndpointConfig: endpoint });
export const networkDisconnect: Check = struct({ Container: text, Force: flag });
