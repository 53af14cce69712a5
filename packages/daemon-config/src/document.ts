import { quote } from '@docker-mtls/errors';
import { decodeDaemonConfig } from './decode.ts';
import { DaemonConfigError } from './error.ts';
import { parseListenHost } from './host.ts';
import { findMember } from './json/json-node.ts';
import type { JsonMember, JsonNode, JsonObject } from './json/json-node.ts';
import { jsonProblem } from './json/json-problem.ts';
import { parseJson } from './json/parse-json.ts';
import { rightSpelling } from './known-keys.ts';

/** The keys that we set, in the order in which we add them. */
export const MANAGED_KEYS = ['hosts', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'] as const;
/** A daemon.json that was read and found good. `root` is absent when the file is, or is empty. */
export type DaemonConfigDocument = {
  readonly exists: boolean;
  readonly text: string;
  readonly root: JsonObject | undefined;
};

type Kind = 'an array of strings' | 'true or false' | 'a string';

const KINDS: Readonly<Record<string, Kind>> = {
  hosts: 'an array of strings',
  tls: 'true or false',
  tlsverify: 'true or false',
  'live-restore': 'true or false',
  tlscacert: 'a string',
  tlscert: 'a string',
  tlskey: 'a string',
  'metrics-addr': 'a string',
};

/**
 * Reads a daemon.json; `undefined` stands for a file that does not exist. Refuses, with path, line and column, what
 * the engine refuses or would read differently than its author meant: `DAEMON_CONFIG_INVALID`.
 */
export function parseDaemonConfig(bytes: Buffer | undefined, path = 'daemon.json'): DaemonConfigDocument {
  if (bytes === undefined) return { exists: false, text: '', root: undefined };
  try {
    return parseBytes(bytes);
  } catch (error) {
    if (!(error instanceof DaemonConfigError)) throw error;
    const { code, message, hint } = error;
    throw new DaemonConfigError(code, `${path}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

function parseBytes(bytes: Buffer): DaemonConfigDocument {
  const text = decodeDaemonConfig(bytes);
  const start = text.startsWith('\ufeff') ? 1 : 0;
  if (text.slice(start).trim() === '') return { exists: true, text, root: undefined };
  const root = parseJson(text, start);
  if (root.type !== 'object') throw notAnObject(text, root);
  root.members.forEach((member) => checkMember(text, member));
  return { exists: true, text, root };
}

/** The strings of `hosts`; none when the key is absent or null. */
export function readHosts(document: DaemonConfigDocument): readonly string[] {
  return readStrings(document, 'hosts');
}

/** The strings in a list; none when the key is absent, or not a list. */
export function readStrings(document: DaemonConfigDocument, key: string): readonly string[] {
  const value = findMember(document.root, key)?.value;
  return value?.type === 'array'
    ? value.items.flatMap((item) => (item.type === 'string' ? [item.value] : []))
    : [];
}

/** A key's value when it is a string or a boolean. */
export function readScalar(document: DaemonConfigDocument, key: string): string | boolean | undefined {
  const value = findMember(document.root, key)?.value;
  return value?.type === 'string' || value?.type === 'boolean' ? value.value : undefined;
}

function checkMember(text: string, member: JsonMember): void {
  const key = member.key.value;
  const spelling = rightSpelling(key);
  if (spelling !== undefined && Object.hasOwn(KINDS, spelling)) throw misspelt(text, member, spelling);
  const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
  if (kind === undefined || member.value.type === 'null') return;
  if (!isOfKind(member.value, kind)) {
    throw jsonProblem(text, member.value.start, `${quote(key)} must be ${kind}`, typeHint(key, member.value));
  }
  if (key === 'hosts') checkHosts(text, member.value);
}

function isOfKind(node: JsonNode, kind: Kind): boolean {
  if (kind === 'true or false') return node.type === 'boolean';
  if (kind === 'a string') return node.type === 'string';
  return node.type === 'array' && node.items.every((item) => item.type === 'string');
}

function checkHosts(text: string, hosts: JsonNode): void {
  const items = hosts.type === 'array' ? hosts.items : [];
  for (const item of items) {
    if (item.type !== 'string' || parseListenHost(item.value) !== undefined) continue;
    const hint =
      'the engine takes unix://PATH, fd://, npipe://PATH and tcp://HOST:PORT, and does not start with others';
    throw jsonProblem(
      text,
      item.start,
      `${quote(item.value)} is no address that the engine can listen on`,
      hint,
    );
  }
}

function typeHint(key: string, value: JsonNode): string {
  if (key === 'hosts' && value.type === 'string')
    return `write it as a list: "hosts": [${quote(value.value)}]`;
  if (value.type === 'string') return 'take the quotes away';
  return 'correct it by hand, then run the command again';
}

function misspelt(text: string, { key }: JsonMember, spelling: string): Error {
  const hint = `write "${spelling}": the engine does not start with the other spelling`;
  return jsonProblem(text, key.start, `the key ${quote(key.value)} is misspelt`, hint);
}

function notAnObject(text: string, { start, type }: JsonNode): Error {
  const found = type === 'array' || type === 'object' ? `an ${type}` : type === 'null' ? 'null' : `a ${type}`;
  const hint = 'daemon.json is one object: { "key": value, … }';
  return jsonProblem(text, start, `${found} where an object should stand`, hint);
}

/** Nested objects that the engine keeps whole; it takes the keys of others for keys of its own (moby config.flatOptions). */
const WHOLE: readonly string[] = [
  'builder',
  'default-network-opts',
  'default-ulimits',
  'features',
  'log-opts',
  'nri-opts',
  'runtimes',
];

/** The keys that the engine compares with its flags. */
export function writtenKeys({ root }: DaemonConfigDocument): ReadonlySet<string> {
  return new Set(
    (root?.members ?? []).flatMap(({ key, value }) =>
      value.type === 'object' && !WHOLE.includes(key.value)
        ? value.members.map((member) => member.key.value)
        : [key.value],
    ),
  );
}
