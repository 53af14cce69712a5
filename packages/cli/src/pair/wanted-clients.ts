import path from 'node:path';
import { parseClientName } from '@docker-mtls/ca';
import { foldFolderName } from '@docker-mtls/store';
import type { Entry, StoreReader } from '@docker-mtls/store';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { namesInvalid, readNames } from '../command-line/names-file.ts';
import type { LineProblem, ListedClient } from '../command-line/names-file.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** The clients that a file lists. */
export type ClientList = { readonly list: string; readonly clients: readonly ListedClient[] };

/** Reads NAME or `--names`; one of them must be there. `CA_NAME_INVALID`, `NAMES_INVALID`. */
export function wantedClientsOf(args: Args, io: Io): ClientList | { readonly name: string } {
  const name = args.text('name');
  const names = args.text('names');
  if (name !== undefined && names !== undefined)
    throw new UsageError('NAME and --names were both given', 'leave one of them away');
  if (names !== undefined) return { list: path.resolve(io.cwd, names), clients: readNames(names, io) };
  if (name === undefined) throw new UsageError('NAME is missing', 'give a NAME, or --names FILE for a list');
  return { name: parseClientName(name) };
}

/** Who has no pair yet, and the pairs of the others. */
export type SortedClients = {
  readonly missing: readonly ListedClient[];
  readonly standing: ReadonlyMap<string, Entry>;
};

/**
 * Looks a list up. It is refused when a name would share its folder with another client's, or when somebody was issued
 * other groups than it says: groups decide what an engine allows. With `force`, all are to get a new pair.
 * `NAMES_INVALID`.
 */
export function sortClients(
  reader: StoreReader,
  { clients, list }: ClientList,
  { force }: { readonly force: boolean },
): SortedClients {
  const entries = reader.entries({ kind: 'client' });
  const byFolder = new Map(entries.map((entry) => [foldFolderName(entry.name), entry]));
  const found = clients.map((client) => ({ client, entry: byFolder.get(foldFolderName(client.name)) }));
  const problems = found.flatMap(({ client, entry }) =>
    entry === undefined ? [] : problemsOf(client, entry, force),
  );
  if (problems.length > 0) throw namesInvalid(list, problems);
  if (force) return { missing: clients, standing: new Map() };
  return {
    missing: found.flatMap(({ client, entry }) => (entry === undefined ? [client] : [])),
    standing: new Map(found.flatMap(({ entry }) => (entry === undefined ? [] : [[entry.name, entry]]))),
  };
}

function problemsOf(client: ListedClient, standing: Entry, force: boolean): readonly LineProblem[] {
  if (standing.name !== client.name) return [collision(client, standing)];
  return force || client.groups.length === 0 ? [] : groupProblems(client, standing);
}

function collision({ line, name }: ListedClient, standing: Entry): LineProblem {
  const says = `${JSON.stringify(name)} would share its folder with the client ${JSON.stringify(standing.name)}`;
  return { line, says, hint: 'choose a name that differs in more than case or the form of its letters' };
}

function groupProblems({ line, name, groups }: ListedClient, standing: Entry): readonly LineProblem[] {
  const issued = standing.certificate().info.subject.organizationalUnits;
  if (issued.toSorted().join(' ') === groups.toSorted().join(' ')) return [];
  const has = issued.length === 0 ? 'in no group' : `in ${issued.join(', ')}`;
  const options = groups.map((group) => `--group ${group}`).join(' ');
  return [
    {
      line,
      says: `${JSON.stringify(name)} was issued ${has}, and is in ${groups.join(', ')} here`,
      hint: `docker-mtls issue-client ${name} ${options} --force makes a new pair; without groups here, the old one is kept`,
    },
  ];
}
