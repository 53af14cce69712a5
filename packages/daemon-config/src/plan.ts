import { quote } from '@docker-mtls/errors';
import { MANAGED_KEYS, readHosts, readScalar } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';
import { DaemonConfigError } from './error.ts';
import { parseListenHost } from './host.ts';
import { appendMembers, editItems, formatList, newObject, splice } from './json/edit-json.ts';
import type { Splice } from './json/edit-json.ts';
import { findMember } from './json/json-node.ts';
import { badListen, parseListens } from './listens.ts';
import { mergeHosts } from './merge-hosts.ts';
import type { HostsMerge } from './merge-hosts.ts';
import { documentWarnings } from './warn.ts';

export type DaemonConfigOptions = {
  /** `HOST:PORT`, at least one; an IPv6 host in brackets. */
  readonly listen: readonly string[];
  /** Added when the file lists no local socket: `unix:///var/run/docker.sock`, `fd://`, `npipe://`. */
  readonly localSocket: string;
  /** What the engine's command line said until now, when those flags go away: see `readEngineCommand`. */
  readonly flags?: { readonly hosts: readonly string[]; readonly tls: boolean };
  /** Absolute paths as the engine sees them, which may be another machine's. */
  readonly files: { readonly ca: string; readonly certificate: string; readonly key: string };
};

export type ConfigValue = string | boolean | null | readonly string[];

export type DaemonConfigChange = {
  readonly key: string;
  /** `undefined`: the key was not there. */
  readonly from: ConfigValue | undefined;
  readonly to: ConfigValue;
  readonly why: string;
};

export type DaemonConfigPlan = {
  /** Was there a file? An absent one and an empty one both have an empty `before`. */
  readonly exists: boolean;
  readonly before: string;
  /** The same as `before`, byte for byte, when there is nothing to change. */
  readonly after: string;
  readonly changes: readonly DaemonConfigChange[];
  readonly warnings: readonly string[];
};

/**
 * Plans what daemon.json must say for an engine that only clients with our certificates can use. Nothing but
 * `hosts`, `tls` when it is false, `tlsverify`, `tlscacert`, `tlscert` and `tlskey` changes; all else keeps its
 * bytes. Throws `DAEMON_CONFIG_LISTEN_INVALID` and `DAEMON_CONFIG_PATH_INVALID`.
 */
export function planDaemonConfig(
  document: DaemonConfigDocument,
  options: DaemonConfigOptions,
): DaemonConfigPlan {
  const merge = mergeHosts(readHosts(document), {
    listen: parseListens(options.listen),
    localSocket: checkLocalSocket(options.localSocket),
    flagHosts: options.flags?.hosts ?? [],
    hadTls:
      readScalar(document, 'tls') === true ||
      readScalar(document, 'tlsverify') !== undefined ||
      options.flags?.tls === true,
  });
  const changes = [...hostsChange(document, merge), ...scalarChanges(document, options)];
  return {
    exists: document.exists,
    before: document.text,
    after: changes.length === 0 ? document.text : rewrite(document, merge, changes),
    changes,
    warnings: [...merge.warnings, ...documentWarnings(document)],
  };
}

function hostsChange(document: DaemonConfigDocument, merge: HostsMerge): readonly DaemonConfigChange[] {
  if (merge.removed.size === 0 && merge.added.length === 0) return [];
  const from = findMember(document.root, 'hosts') === undefined ? undefined : readHosts(document);
  return [{ key: 'hosts', from, to: merge.result, why: merge.why.join('; ') }];
}

function scalarChanges(
  document: DaemonConfigDocument,
  { files }: DaemonConfigOptions,
): readonly DaemonConfigChange[] {
  return [
    ...change(document, 'tls', { to: true, unlessAbsent: true, why: 'it contradicts tlsverify' }),
    ...change(document, 'tlsverify', { to: true, why: whyVerify(document) }),
    ...change(document, 'tlscacert', {
      to: absolute(files.ca),
      why: whyCa(document),
    }),
    ...change(document, 'tlscert', {
      to: absolute(files.certificate),
      why: 'the certificate that the engine shows its clients',
    }),
    ...change(document, 'tlskey', { to: absolute(files.key), why: "that certificate's private key" }),
  ];
}

type Wanted = { readonly to: string | boolean; readonly why: string; readonly unlessAbsent?: boolean };

function change(
  document: DaemonConfigDocument,
  key: string,
  { to, why, unlessAbsent }: Wanted,
): readonly DaemonConfigChange[] {
  const member = findMember(document.root, key);
  if (member === undefined) return unlessAbsent === true ? [] : [{ key, from: undefined, to, why }];
  const from = readScalar(document, key) ?? null;
  return from === to ? [] : [{ key, from, to, why }];
}

function whyVerify(document: DaemonConfigDocument): string {
  if (readScalar(document, 'tlsverify') === false)
    return 'false means that any client is served, with no certificate';
  if (readScalar(document, 'tls') === true) {
    return 'tls alone means "any client, no certificate" to engines before 20.10; this says it to all of them';
  }
  const files = ['tlscacert', 'tlscert', 'tlskey'].filter((key) => readScalar(document, key) !== undefined);
  if (files.length > 0)
    return `${files.join(', ')} alone switch nothing on: tcp hosts stayed plain, open to anyone`;
  return 'every client on a tcp host must show a certificate';
}

/** go-connections tlsconfig: with no CA file, Go falls back to the system's roots. */
function whyCa(document: DaemonConfigDocument): string {
  const why = 'clients are served only with a certificate of this CA';
  const hadNone = readScalar(document, 'tlsverify') === true && !readScalar(document, 'tlscacert');
  return hadNone ? `${why}; without it, the engine takes one of any public CA` : why;
}

function rewrite(
  document: DaemonConfigDocument,
  merge: HostsMerge,
  changes: readonly DaemonConfigChange[],
): string {
  const { text, root } = document;
  const values = changes.map(({ key, to }) => [key, formatValue(text, to)] as const);
  if (root === undefined)
    return (text.startsWith('\ufeff') ? '\ufeff' : '') + newObject(Object.fromEntries(values));
  const present = values.flatMap(([key, value]) => replaceValue(document, { key, value, merge }));
  const absent = values.filter(([key]) => findMember(root, key) === undefined);
  const ordered = MANAGED_KEYS.flatMap((key) => absent.filter(([name]) => name === key));
  return splice(text, [...present, ...appendMembers(text, root, Object.fromEntries(ordered))]);
}

function replaceValue(
  document: DaemonConfigDocument,
  { key, value, merge }: { key: string; value: string; merge: HostsMerge },
): Splice[] {
  const node = findMember(document.root, key)?.value;
  if (node === undefined) return [];
  if (key !== 'hosts' || node.type !== 'array') return [{ start: node.start, end: node.end, text: value }];
  const added = merge.added.map((host) => JSON.stringify(host));
  return editItems(document.text, node, { removed: merge.removed, added });
}

function formatValue(text: string, value: ConfigValue): string {
  return Array.isArray(value) ? formatList(text, value) : JSON.stringify(value);
}

function checkLocalSocket(host: string): string {
  if (parseListenHost(host)?.kind === 'local') return host;
  throw badListen(
    `${quote(host)} is no local socket`,
    'for example unix:///var/run/docker.sock, fd:// or npipe://',
  );
}

/** The engine reads relative paths from its own working folder, which nobody knows. */
function absolute(path: string): string {
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
  if (isAbsolute && !/\p{Cc}/u.test(path)) return path;
  throw new DaemonConfigError('DAEMON_CONFIG_PATH_INVALID', `${quote(path)} is no absolute path`, {
    hint: 'write the whole path as the engine sees it, for example /etc/docker/certs/ca.pem or C:\\ProgramData\\docker\\certs\\ca.pem',
  });
}
