/** How much of what a request asks for has to be proven harmless to the host. */
export type GuardLevel = 'restricted' | 'baseline' | 'none';

export type GuardName =
  | 'body'
  | 'unknown-fields'
  | 'query'
  | 'privileged'
  | 'host-bind'
  | 'volume-driver'
  | 'volumes-from'
  | 'host-namespace'
  | 'join-namespace'
  | 'capabilities'
  | 'added-capabilities'
  | 'devices'
  | 'security-options'
  | 'runtime'
  | 'cgroup'
  | 'sysctls'
  | 'groups'
  | 'log-driver'
  | 'limits'
  | 'network'
  | 'network-addresses'
  | 'exec-user'
  | 'archive'
  | 'checkpoint'
  | 'build'
  | 'image-import'
  | 'process-list'
  | 'service-runtime'
  | 'rollback'
  | 'secret-driver'
  | 'plugin'
  | 'swarm'
  | 'upload';

const BOTH: readonly GuardLevel[] = ['restricted', 'baseline'];
const STRICT: readonly GuardLevel[] = ['restricted'];

/** Each guard: the levels that it belongs to, and what it refuses. docs/policy.md says exactly what it permits. */
const TABLE: Readonly<Record<GuardName, { levels: readonly GuardLevel[]; refuses: string }>> = {
  body: {
    levels: BOTH,
    refuses: 'a body that is missing, cut off, or read differently by different programs',
  },
  'unknown-fields': { levels: BOTH, refuses: 'members of the body that docker-mtls does not know' },
  query: { levels: BOTH, refuses: 'a query that the engine does not parse' },
  privileged: { levels: BOTH, refuses: 'containers and commands that run privileged' },
  'host-bind': { levels: BOTH, refuses: "the host's files as a mount, by a path or through a volume" },
  'volume-driver': { levels: BOTH, refuses: 'volume drivers and their options' },
  'volumes-from': { levels: BOTH, refuses: 'the mounts of another container' },
  'host-namespace': { levels: BOTH, refuses: "the host's namespaces" },
  'join-namespace': { levels: BOTH, refuses: 'the namespaces of another container' },
  capabilities: { levels: BOTH, refuses: 'capabilities that Docker does not give by default' },
  'added-capabilities': { levels: STRICT, refuses: 'added capabilities other than NET_BIND_SERVICE' },
  devices: { levels: BOTH, refuses: 'devices of the host' },
  'security-options': {
    levels: BOTH,
    refuses: 'other seccomp, AppArmor and SELinux settings, and unmasked paths',
  },
  runtime: { levels: BOTH, refuses: 'other runtimes, their annotations and their isolation' },
  cgroup: { levels: BOTH, refuses: 'a parent cgroup' },
  sysctls: { levels: BOTH, refuses: 'kernel parameters other than the safe ones of Kubernetes' },
  groups: { levels: STRICT, refuses: 'additional groups' },
  'log-driver': { levels: BOTH, refuses: 'log drivers that write elsewhere than to local files' },
  limits: { levels: STRICT, refuses: 'protection from the OOM killer and real-time scheduling' },
  network: { levels: BOTH, refuses: 'networks other than plain bridge and overlay ones' },
  'network-addresses': { levels: STRICT, refuses: 'chosen subnets and gateways' },
  'exec-user': { levels: BOTH, refuses: 'commands as another user than the one of the container' },
  archive: {
    levels: BOTH,
    refuses: 'archives unpacked in a container by an engine on which that gives root',
  },
  checkpoint: { levels: BOTH, refuses: 'checkpoints' },
  build: { levels: STRICT, refuses: 'builds, of which an authorization plugin sees nothing' },
  'image-import': { levels: BOTH, refuses: 'images that the engine fetches from an address' },
  'process-list': { levels: BOTH, refuses: "arguments for the host's ps" },
  'service-runtime': { levels: BOTH, refuses: 'services that are plugins or attachments' },
  rollback: {
    levels: BOTH,
    refuses: 'an earlier specification of a service, which the request does not show',
  },
  'secret-driver': { levels: BOTH, refuses: 'drivers of secrets and templates' },
  plugin: { levels: BOTH, refuses: "changes to the engine's plugins" },
  swarm: { levels: BOTH, refuses: 'changes to the cluster and its nodes' },
  upload: { levels: BOTH, refuses: 'forms, and bodies that the operation does not take' },
};

export const GUARD_NAMES: readonly GuardName[] = Object.keys(TABLE) as GuardName[];

export function refusedBy(guard: GuardName): string {
  return TABLE[guard].refuses;
}

export function guardsOf(level: GuardLevel): ReadonlySet<GuardName> {
  return new Set(GUARD_NAMES.filter((name) => TABLE[name].levels.includes(level)));
}
