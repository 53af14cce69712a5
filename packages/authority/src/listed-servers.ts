import { formatSubjectAltName } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { collisionOf } from './listed-clients.ts';
import { namesInvalid } from './names-file.ts';
import type { LineProblem, ListedServer } from './names-file.ts';

/** The servers that a file lists. */
export type ServerList = { readonly list: string; readonly servers: readonly ListedServer[] };

/**
 * The servers of a list without a pair. It is refused when a name would share its folder with another server's, or when a
 * server was issued without a name that the list gives it: clients would not find it by that. With `force`, all of them.
 * `NAMES_INVALID`.
 */
export async function sortServers(
  reader: StoreReader,
  { servers, list }: ServerList,
  { force }: { readonly force: boolean },
): Promise<readonly ListedServer[]> {
  const found: { readonly server: ListedServer; readonly entry: Entry | undefined }[] = [];
  for (const server of servers) found.push({ server, entry: await reader.holder('server', server.name) });
  const problems = found.flatMap(({ server, entry }) =>
    entry === undefined ? [] : problemsOf(server, entry, force),
  );
  if (problems.length > 0) throw namesInvalid(list, problems);
  return force ? servers : found.flatMap(({ server, entry }) => (entry === undefined ? [server] : []));
}

function problemsOf(server: ListedServer, standing: Entry, force: boolean): readonly LineProblem[] {
  if (standing.name !== server.name) return [collisionOf(server, standing)];
  if (force) return [];
  const issued = new Set(standing.certificate().info.sans.map(formatSubjectAltName));
  const missing = server.sans.map(formatSubjectAltName).filter((name) => !issued.has(name));
  if (missing.length === 0) return [];
  const { line, name, sans } = server;
  const options = sans.slice(1).map(({ value }) => `--san ${value}`);
  return [
    {
      line,
      says: `${JSON.stringify(name)} was issued without ${missing.join(', ')}`,
      hint: `docker-mtls issue-server ${[name, ...options].join(' ')} --force makes a new pair`,
    },
  ];
}
