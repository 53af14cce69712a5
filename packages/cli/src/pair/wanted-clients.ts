import path from 'node:path';
import { readNames } from '@docker-mtls/authority/from-list';
import type { ClientList } from '@docker-mtls/authority/from-list';
import { parseClientName } from '@docker-mtls/ca';
import type { Args } from '../command-line/args.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { Io } from '../io/io.ts';

/** Reads NAME or `--names`; one of them must be there. `CA_NAME_INVALID`, `NAMES_INVALID`. */
export function wantedClientsOf(args: Args, io: Io): ClientList | { readonly name: string } {
  const name = args.text('name');
  const names = args.text('names');
  if (name !== undefined && names !== undefined)
    throw new UsageError('NAME and --names were both given', 'omit one of them');
  if (names !== undefined) {
    const list = path.resolve(io.cwd, names);
    return { list, clients: readNames(list) };
  }
  if (name === undefined) throw new UsageError('NAME is missing', 'give a NAME, or --names FILE for a list');
  return { name: parseClientName(name) };
}
