import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { namesInvalid } from './names-file.ts';
import type { LineProblem, ListedClient, ListedPair } from './names-file.ts';

/** The clients that a file lists. */
export type ClientList = { readonly list: string; readonly clients: readonly ListedClient[] };

/** The clients without a pair, and the pairs of the others. */
export type SortedClients = {
  readonly missing: readonly ListedClient[];
  readonly standing: ReadonlyMap<string, Entry>;
};

/**
 * Compares a list with the registry. It is refused when a name would share its folder with another client's, or when a
 * client was issued other groups than the list says: groups decide what an engine allows. With `force`, all are missing.
 * `NAMES_INVALID`.
 */
export async function sortClients(
  reader: StoreReader,
  { clients, list }: ClientList,
  { force }: { readonly force: boolean },
): Promise<SortedClients> {
  const problems: LineProblem[] = [];
  const missing: ListedClient[] = [];
  const standing = new Map<string, Entry>();
  for (const client of clients) {
    const entry = await reader.holder('client', client.name);
    if (entry === undefined) missing.push(client);
    else {
      problems.push(...problemsOf(client, entry, force));
      if (!force) standing.set(entry.name, entry);
    }
  }
  if (problems.length > 0) throw namesInvalid(list, problems);
  return { missing: force ? clients : missing, standing };
}

function problemsOf(client: ListedClient, standing: Entry, force: boolean): readonly LineProblem[] {
  if (standing.name !== client.name) return [collisionOf(client, standing)];
  return force || client.groups.length === 0 ? [] : groupProblems(client, standing);
}

/** Two names that some file system would take for the same. */
export function collisionOf({ line, name }: ListedPair, standing: Entry): LineProblem {
  const says = `${JSON.stringify(name)} would share its folder with the ${standing.kind} ${JSON.stringify(standing.name)}`;
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
