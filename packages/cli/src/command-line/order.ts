import path from 'node:path';
import {
  formatSubjectAltName,
  parseGroupName,
  parseKeyType,
  parseLifetime,
  parseSubjectAltName,
  uniqueSubjectAltNames,
} from '@docker-mtls/ca';
import type { KeyType, SubjectAltName } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Args } from './args.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from './usage-error.ts';

const LOOPBACK: readonly SubjectAltName[] = [
  { kind: 'dns', value: 'localhost' },
  { kind: 'ip', value: '127.0.0.1' },
  { kind: 'ip', value: '::1' },
];

/** The lifetime that was asked for, in seconds; `undefined` leaves it to the profile. */
export function lifetimeOf(args: Args): number | undefined {
  const days = args.text('days');
  const ttl = args.text('ttl');
  if (days === undefined && ttl === undefined) return undefined;
  return parseLifetime({ ...(days !== undefined && { days }), ...(ttl !== undefined && { ttl }) });
}

export function keyTypeOf(args: Args): KeyType | undefined {
  const text = args.text('key-type');
  return text === undefined ? undefined : parseKeyType(text);
}

export function groupsOf(args: Args): readonly string[] {
  return args.list('group').map((text) => parseGroupName(text));
}

/** A certificate request's bytes. A request and a kind of key exclude each other: the key is in the request. */
export function csrOf(args: Args, io: Io): Buffer | undefined {
  const file = args.text('csr');
  if (file === undefined) return undefined;
  if (args.text('key-type') !== undefined) {
    throw new UsageError(
      '--csr and --key-type were both given',
      'leave --key-type out: the key comes from the request',
    );
  }
  return readFile(path.resolve(io.cwd, file));
}

/** What a server is called, and every name its certificate is to hold, that name first. */
export type ServerNames = { readonly name: string; readonly sans: readonly SubjectAltName[] };

/** As a person wrote them. */
export type WrittenNames = {
  readonly name: string | undefined;
  readonly sans: readonly string[];
  /** Are this machine's own names wanted? */
  readonly local: boolean;
  readonly wildcard: boolean;
};

export function serverNamesOf(args: Args, io: Io): ServerNames {
  const [local, wildcard] = [args.flag('local') === true, args.flag('allow-wildcard') === true];
  return parseServerNames({ name: args.text('name'), sans: args.list('san'), local, wildcard }, io);
}

/**
 * The names of a server: its name, those besides, the loopback ones, and this machine's where they are asked for.
 * Without a name it is this machine.
 */
export function parseServerNames({ name: given, sans, local, wildcard }: WrittenNames, io: Io): ServerNames {
  const machine = local || given === undefined ? machineNames(io) : [];
  const named = [...(given === undefined ? [] : [given]), ...sans].map((text) =>
    parseSubjectAltName(text, { wildcard }),
  );
  const [first] = given === undefined ? machine : named;
  if (first === undefined)
    throw new UsageError('this machine has no usable host name', 'give the NAME of the server');
  return { name: first.value, sans: uniqueSubjectAltNames([first, ...named, ...machine, ...LOOPBACK]) };
}

/** The names of a server of a list, with the loopback ones. */
export function withLoopback(sans: readonly SubjectAltName[]): readonly SubjectAltName[] {
  return uniqueSubjectAltNames([...sans, ...LOOPBACK]);
}

/** Host names that no certificate can hold (an underscore, say) are nobody's mistake here: they are left out. */
function machineNames(io: Io): readonly SubjectAltName[] {
  const { hostNames, addresses } = io.machine();
  return [...hostNames, ...addresses].flatMap((text) => {
    try {
      return [parseSubjectAltName(text, {})];
    } catch (error) {
      if (hasCode(error, 'CA_SAN_INVALID')) return [];
      throw error;
    }
  });
}

/** The names in a certificate: `DNS:node1, IP:10.0.0.5`. */
export function sansText(sans: readonly SubjectAltName[]): string {
  return sans.map(formatSubjectAltName).join(', ');
}

/** A server's name as it was recorded, from the way a person writes it. */
export function serverNameOf(text: string): string {
  return parseSubjectAltName(text, { wildcard: true }).value;
}
