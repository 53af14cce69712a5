import type { PairOrder } from '@docker-mtls/authority';
import { formatSubjectAltName, parseClientName } from '@docker-mtls/ca';
import type { SubjectAltName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { groupsOf, keyTypeOf, lifetimeOf, serverNamesOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** What the command line wants to exist at the end. */
export type Wanted = { readonly server: PairOrder; readonly clients: readonly PairOrder[] };

/** `served` is the server of this engine, for a command line that names none. */
export function wantedOf(args: Args, io: Io, served?: string): Wanted {
  const common = { lifetime: lifetimeOf(args), keyType: keyTypeOf(args), force: false };
  const { name, sans } = serverNamesOf(served === undefined ? args : withName(args, served), io);
  const names = [...new Set(args.list('client').map(parseClientName))];
  if (names.length === 0)
    throw new UsageError('no client is named', 'add --client NAME: who is to use this engine?');
  const groups = groupsOf(args);
  return {
    server: { kind: 'server', name, groups: [], sans, ...common },
    clients: names.map((client) => ({ kind: 'client', name: client, groups, sans: [], ...common })),
  };
}

/** A name that is on record was allowed once. */
function withName(args: Args, name: string): Args {
  return {
    ...args,
    text: (key) => (key === 'name' ? name : args.text(key)),
    flag: (key) => (key === 'allow-wildcard' && name.startsWith('*') ? true : args.flag(key)),
  };
}

/** Why a pair has to be issued, in words; `undefined` when the one there is does. */
export function whyIssue(order: PairOrder, entry: Entry | undefined, now: Date): string | undefined {
  if (entry === undefined) return 'there was none';
  if (entry.directory === undefined) return 'its files were gone';
  if (entry.notAfter <= now) return 'the old one had expired';
  const { info } = entry.certificate();
  const missing = missingNames(order.sans, info.sans);
  if (missing.length > 0) return `the old one lacked ${missing.join(', ')}`;
  const groups = info.subject.organizationalUnits;
  if (order.groups.some((group) => !groups.includes(group)))
    return `the old one lacked the group ${order.groups.join(', ')}`;
  return undefined;
}

function missingNames(
  wanted: readonly SubjectAltName[],
  present: readonly SubjectAltName[],
): readonly string[] {
  const there = new Set(present.map(formatSubjectAltName));
  return wanted.map(formatSubjectAltName).filter((name) => !there.has(name));
}
