import path from 'node:path';
import { DEFAULT_CA_NAME } from '@docker-mtls/authority';
import { bundleFileName } from '@docker-mtls/authority/archives';
import type { PairOrder } from '@docker-mtls/authority';
import type { FlatLayout } from '@docker-mtls/bundle';
import { parseClientName } from '@docker-mtls/ca';
import type { ArchiveOrder, SecureOrder } from '@docker-mtls/secure';
import { passphraseForNewKey } from '../../ca/passphrase.ts';
import { caAccess } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import { groupsOf, keyTypeOf, lifetimeOf, serverNamesOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { engineOrder } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { outFolder } from '../../pair/copy-out.ts';

/** What the command line asks for. `served` is the server of this engine, for a command line that names none. */
export async function secureOrder(args: Args, io: Io, served: string | undefined): Promise<SecureOrder> {
  const { server, clients } = wantedOf(args, io, served);
  checkBundleWords(args, { several: clients.length > 1 });
  return {
    access: caAccess(args, io),
    newCa: {
      name: args.text('ca-name') ?? DEFAULT_CA_NAME,
      keyType: server.keyType,
      passphrase: () => passphraseForNewKey(args, io),
    },
    server,
    clients: clients.map((pair) => ({ pair, bundle: archiveOrder(args, io, pair.name) })),
    engine: await engineOrder(args, io),
    out: outFolder(args, io),
    own: io.machine().addresses,
  };
}

/** The pairs that are to exist at the end. */
export type Wanted = { readonly server: PairOrder; readonly clients: readonly PairOrder[] };

export function wantedOf(args: Args, io: Io, served?: string): Wanted {
  const common = { lifetime: lifetimeOf(args), keyType: keyTypeOf(args), force: false };
  const { name, sans } = serverNamesOf(served === undefined ? args : withName(args, served), io);
  const names = [...new Set(args.list('client').map((text) => parseClientName(text)))];
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

/** Refuses options that do not fit: the report's own stream, or one file name for several clients. */
function checkBundleWords(args: Args, { several }: { readonly several: boolean }): void {
  const output = args.text('output');
  if (output === '-')
    throw new UsageError(
      'stdout carries the report, so the bundle cannot be written to it',
      'omit -o -; docker-mtls bundle NAME -o - writes a bundle to stdout',
    );
  if (!several || (output === undefined && args.text('layout') !== 'pwd')) return;
  const word = output === undefined ? '--layout pwd' : '-o';
  throw new UsageError(
    `${word} names one file, and there are several clients`,
    `omit ${word}: each client gets a NAME.tar.gz; docker-mtls bundle NAME packs them otherwise`,
  );
}

/** Where a client's archive goes. With several clients, each has its own. */
function archiveOrder(args: Args, io: Io, name: string): ArchiveOrder {
  const layout = args.text('layout') as FlatLayout | undefined;
  const output = args.text('output');
  const named = output ?? bundleFileName(name, layout ?? 'flat');
  return { file: path.resolve(io.cwd, named), layout, isNamed: output !== undefined };
}
