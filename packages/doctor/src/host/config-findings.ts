import { IGNORED_KEYS, parseListenHost, readScalar, readStrings } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, EngineFlag } from '@docker-mtls/daemon-config';
import { quote } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

export type ConfigOrder = {
  /** The path of daemon.json. */
  readonly config: string;
  readonly document: DaemonConfigDocument;
  /** What the engine is told on its command line. */
  readonly flags: readonly EngineFlag[];
};

/** What a daemon.json says, or seems to say, that leaves the engine open. */
export function configFindings(order: ConfigOrder): readonly FoundFinding[] {
  return [
    ...keyFindings(order),
    ...tlsFindings(order),
    ...pluginFlagFindings(order),
    ...metricsFindings(order),
  ];
}

/** The plugins that the engine is told to ask, by its file or by flags. */
export function namedPlugins({ document, flags }: Omit<ConfigOrder, 'config'>): readonly string[] {
  return [...readStrings(document, 'authorization-plugins'), ...flagValues(flags, 'authorization-plugin')];
}

function keyFindings({ config: subject, document }: ConfigOrder): readonly FoundFinding[] {
  const keys = (document.root?.members ?? []).map(({ key }) => key.value);
  return keys.flatMap((key) => {
    const right = IGNORED_KEYS.get(key);
    if (right === undefined) return [];
    const message = `the engine ignores the key ${quote(key)}${right === '' ? '' : `: what works is ${right}`}`;
    return [
      key === 'authorization-plugin'
        ? found('authorization', 'authorization-key-ignored', { subject, message })
        : found('listeners', 'key-ignored', { subject, message }),
    ];
  });
}

function tlsFindings(order: ConfigOrder): readonly FoundFinding[] {
  const { config: subject } = order;
  const [ca, certificate, key] = ['tlscacert', 'tlscert', 'tlskey'].map((name) => setting(order, name));
  const verify = setting(order, 'tlsverify');
  const tls = setting(order, 'tls');
  if (verify === undefined && tls !== true) {
    const named = Object.entries({ tlscacert: ca, tlscert: certificate, tlskey: key });
    const [first] = named.find(([, value]) => value !== undefined) ?? [];
    if (first === undefined) return [];
    const message = `${first} is set, and neither tls nor tlsverify: the ports of the engine serve plain HTTP`;
    return [found('listeners', 'tls-files-unused', { subject, message })];
  }
  // The presence of "tlsverify" turns TLS on; what it says decides about clients. "tls" alone verifies them since 20.10.
  if (verify === false)
    return [
      found('listeners', 'client-not-verified', {
        subject,
        message: 'tlsverify is false: the engine asks no client for a certificate',
      }),
    ];
  if (ca !== undefined) return [];
  return [
    found('listeners', 'client-ca-missing', { subject, message: 'TLS is on, and tlscacert is not set' }),
  ];
}

/** A SIGHUP takes over the file's list, which is empty then (moby daemon/reload.go). */
function pluginFlagFindings({ config: subject, flags }: ConfigOrder): readonly FoundFinding[] {
  const named = flagValues(flags, 'authorization-plugin');
  if (named.length === 0) return [];
  const message = `--authorization-plugin=${named.join(',')} is on the command line: systemctl reload docker removes it`;
  return [found('authorization', 'authorization-by-flag', { subject, message })];
}

function metricsFindings(order: ConfigOrder): readonly FoundFinding[] {
  const address = setting(order, 'metrics-addr');
  if (typeof address !== 'string' || address === '') return [];
  const host = metricsAddress(address)?.host;
  if (host !== undefined && (host === 'localhost' || host === '::1' || host.startsWith('127.'))) return [];
  const message = `metrics-addr is ${quote(address)}: plain HTTP for everybody who reaches it`;
  return [found('listeners', 'metrics-open', { subject: order.config, message })];
}

/** Without a host it means every address, other than in `hosts`. */
export function metricsAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const parsed = parseListenHost(text.startsWith(':') ? `0.0.0.0${text}` : text);
  return parsed?.kind === 'tcp' ? parsed.address : undefined;
}

/** A setting of the file or of the command line; a switch without a value is true. */
export function setting(
  { document, flags }: Omit<ConfigOrder, 'config'>,
  name: string,
): string | boolean | undefined {
  const written = readScalar(document, name);
  if (written !== undefined) return written;
  const flag = flags.findLast((each) => each.name === name);
  if (flag === undefined) return undefined;
  if (flag.value === undefined || flag.value === 'true') return true;
  return flag.value === 'false' ? false : flag.value;
}

function flagValues(flags: readonly EngineFlag[], name: string): readonly string[] {
  return flags.flatMap((flag) =>
    flag.name === name && flag.value !== undefined ? flag.value.split(',') : [],
  );
}
