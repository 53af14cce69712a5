/**
 * The keys of daemon.json, tried one by one with `dockerd --validate` 29.7 and 28.5, and those that older engines
 * knew (20.10 to 28). The engine compares them with case, and refuses to start with one that it does not know.
 */
export const KNOWN_KEYS: ReadonlySet<string> = new Set(
  `allow-direct-routing allow-nondistributable-artifacts api-cors-header authorization-plugins bip bip6 bridge
  bridge-accept-fwmark builder cdi-spec-dirs cgroup-parent cluster-advertise cluster-store cluster-store-opts
  containerd containerd-namespace cpu-rt-period cpu-rt-runtime cri-containerd data-root debug
  default-address-pools default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
  default-network-opts default-runtime default-shm-size default-stop-timeout default-ulimits deprecated-key-path
  dns dns-opts dns-search exec-opts exec-root experimental features firewall-backend fixed-cidr fixed-cidr-v6
  graph group host-gateway-ip host-gateway-ips hosts icc init init-path insecure-registries ip ip-forward
  ip-forward-no-drop ip-masq ip6tables iptables ipv6 labels live-restore log-driver log-format log-level log-opts
  max-concurrent-downloads max-concurrent-uploads max-download-attempts metrics-addr min-api-version mtu
  network-control-plane-mtu network-diagnostic-port no-new-privileges node-generic-resources nri-opts
  oom-score-adjust pidfile proxies raw-logs registry-mirrors rootless runtimes seccomp-profile selinux-enabled
  shutdown-timeout storage-driver storage-opts swarm-default-advertise-addr tls tlscacert tlscert tlskey tlsverify
  userland-proxy userland-proxy-path userns-remap`.split(/\s+/),
);

/**
 * The engine accepts these, being names of its flags, and silently ignores them (tried with 29.7). The value is what
 * works; empty where nothing does.
 */
export const IGNORED_KEYS: ReadonlyMap<string, string> = new Map([
  ['host', '"hosts"'],
  ['authorization-plugin', '"authorization-plugins"'],
  ['label', '"labels"'],
  ['dns-opt', '"dns-opts"'],
  ['insecure-registry', '"insecure-registries"'],
  ['registry-mirror', '"registry-mirrors"'],
  ['storage-opt', '"storage-opts"'],
  ['log-opt', '"log-opts"'],
  ['exec-opt', '"exec-opts"'],
  ['add-runtime', '"runtimes"'],
  ['default-ulimit', '"default-ulimits"'],
  ['default-address-pool', '"default-address-pools"'],
  ['default-network-opt', '"default-network-opts"'],
  ['feature', '"features"'],
  ['cdi-spec-dir', '"cdi-spec-dirs"'],
  ['node-generic-resource', '"node-generic-resources"'],
  ['containerd-plugins-namespace', ''],
  ['help', ''],
  ['version', ''],
  ['http-proxy', '"proxies": { "http-proxy": … }'],
  ['https-proxy', '"proxies": { "https-proxy": … }'],
  ['no-proxy', '"proxies": { "no-proxy": … }'],
]);

/** The key that this one is a misspelling of, by case alone ("TLSVerify"). */
export function rightSpelling(key: string): string | undefined {
  const folded = key.toUpperCase().toLowerCase();
  return folded !== key && KNOWN_KEYS.has(folded) ? folded : undefined;
}
