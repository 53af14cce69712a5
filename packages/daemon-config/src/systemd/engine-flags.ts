import { quote } from '@docker-mtls/errors';
import { unitProblem } from './unit-error.ts';

/** A flag of the engine's command line; `arguments` are the places it takes up there. */
export type EngineFlag = {
  readonly name: string;
  readonly value: string | undefined;
  readonly arguments: readonly number[];
};

const SHORT: Readonly<Record<string, string>> = {
  D: 'debug',
  G: 'group',
  H: 'host',
  b: 'bridge',
  g: 'graph',
  l: 'log-level',
  p: 'pidfile',
  s: 'storage-driver',
  v: 'version',
};

/** Flags that take no value behind a space (`dockerd --help`, 20.10 to 29). */
const SWITCHES: ReadonlySet<string> = new Set(
  `allow-direct-routing cri-containerd debug experimental help icc init ip-forward ip-forward-no-drop ip-masq ip6tables
  iptables ipv6 live-restore no-new-privileges raw-logs rootless selinux-enabled tls tlsverify userland-proxy validate
  version`.split(/\s+/),
);

/** Flags that may be given several times have a plural in daemon.json (moby opts.NamedOption). */
const PLURALS: Readonly<Record<string, string>> = {
  'authorization-plugin': 'authorization-plugins',
  'cdi-spec-dir': 'cdi-spec-dirs',
  'default-address-pool': 'default-address-pools',
  'default-network-opt': 'default-network-opts',
  'default-ulimit': 'default-ulimits',
  'dns-opt': 'dns-opts',
  'exec-opt': 'exec-opts',
  feature: 'features',
  host: 'hosts',
  'host-gateway-ip': 'host-gateway-ips',
  'insecure-registry': 'insecure-registries',
  label: 'labels',
  'log-opt': 'log-opts',
  'node-generic-resource': 'node-generic-resources',
  'registry-mirror': 'registry-mirrors',
  'storage-opt': 'storage-opts',
};

/** The key of daemon.json that says the same as the flag. */
export function keyOfFlag(name: string): string {
  return (Object.hasOwn(PLURALS, name) ? PLURALS[name] : undefined) ?? name;
}

/**
 * Reads arguments as the engine does (spf13/pflag): `--name=value`, `--name value`, `-Hvalue`, `-H value`. A flag that
 * we do not know takes the argument behind it when that is no flag itself, for the engine has no other arguments.
 */
export function parseEngineFlags(args: readonly string[]): readonly EngineFlag[] {
  const flags: EngineFlag[] = [];
  let index = 0;
  while (index < args.length) {
    const flag = readFlag(args, index);
    if (flag !== undefined) flags.push(flag);
    index += flag?.arguments.length ?? 1;
  }
  return flags;
}

/**
 * Writes each short flag as a word of its own: `-DH fd://` becomes `-D -H fd://`. For the command line of a process,
 * which is read and never written back.
 */
export function separateEngineFlags(args: readonly string[]): readonly string[] {
  const words = [...args];
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? '';
    if (holdsSeveral(word)) words.splice(index, 1, word.slice(0, 2), `-${word.slice(2)}`);
    index += readFlag(words, index)?.arguments.length ?? 1;
  }
  return words;
}

/** Is it a switch, and other short flags behind it? */
function holdsSeveral(word: string): boolean {
  const [, letter = ''] = /^-([^-=])[^=]/s.exec(word) ?? [];
  return SWITCHES.has(SHORT[letter] ?? letter);
}

function readFlag(args: readonly string[], index: number): EngineFlag | undefined {
  const [, dashes = '', text = '', value] = /^(--?)([^-=][^=]*)(?:=(.*))?$/s.exec(args[index] ?? '') ?? [];
  if (dashes === '--') return withValue(args, index, { name: text, value });
  if (dashes === '') return undefined;
  const name = SHORT[text.charAt(0)] ?? text.charAt(0);
  if (text.length === 1) return withValue(args, index, { name, value });
  if (holdsSeveral(args[index] ?? '')) {
    throw unitProblem(
      `${quote(args[index] ?? '')} holds several flags`,
      'write them apart in the unit: -D -H fd://',
    );
  }
  return { name, value: (args[index] ?? '').slice(2), arguments: [index] };
}

function withValue(
  args: readonly string[],
  index: number,
  { name, value }: { name: string; value: string | undefined },
): EngineFlag {
  const next = args[index + 1];
  const isAlone =
    value !== undefined ||
    SWITCHES.has(name) ||
    next === undefined ||
    (!isKnown(name) && next.startsWith('-'));
  if (isAlone) return { name, value, arguments: [index] };
  return { name, value: next, arguments: [index, index + 1] };
}

function isKnown(name: string): boolean {
  return Object.hasOwn(PLURALS, name) || KNOWN_FLAGS.has(name);
}

/** Other flags with a value, the names of which are also keys. */
const KNOWN_FLAGS: ReadonlySet<string> = new Set(
  `bip bridge config-file containerd data-root exec-root group log-driver log-level metrics-addr pidfile storage-driver
  tlscacert tlscert tlskey`.split(/\s+/),
);
