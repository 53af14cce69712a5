import fs from 'node:fs';
import type { Finding } from '@docker-mtls/errors';
import { askLocally, askPlugin, isAskedByEngine } from './ask-plugin.ts';
import type { VersionAnswer } from '../version/index.ts';
import { bypassesOf } from './engine-bypasses.ts';
import { usersOfGroup } from './groups.ts';
import { PLUGIN_PLACES } from './plugin-units.ts';

export type PluginFindingId =
  | 'plugin-not-asked'
  | 'plugin-file-not-in-force'
  | 'plugin-list-stale'
  | 'plugin-observes'
  | 'local-clients'
  | 'local-builds'
  | 'engine-bypass'
  | 'engine-bypass-unknown';

/** What the plugin says of itself; undefined where it does not answer. */
export type PluginStatus = {
  readonly mode: string;
  readonly local?: string;
  readonly locks: number;
  readonly problems: readonly string[];
  readonly lists: readonly {
    readonly number: string;
    readonly revoked: number;
    /** Of its DER; a plugin of an earlier version does not say. */
    readonly sha256?: string;
    readonly nextUpdate?: string;
  }[];
  readonly audit?: { readonly sequence: number; readonly hash: string };
};

export async function readPluginStatus(socket: string = HERE.socket): Promise<PluginStatus | undefined> {
  return (await askPlugin(socket, '/DockerMtls.Status')) as PluginStatus | undefined;
}

/** Where the plugin listens, and the accounts of its machine. Other places in tests. */
export type PluginMachine = { readonly socket: string; readonly groups: string; readonly users: string };

const HERE: PluginMachine = {
  socket: PLUGIN_PLACES.socket,
  groups: '/etc/group',
  users: '/etc/passwd',
};

/** What remains outside of the plugin's control, or keeps it from deciding. */
export async function pluginFindings(
  engineSocket: string,
  now: Date,
  machine: PluginMachine = HERE,
): Promise<readonly Finding<PluginFindingId>[]> {
  const status = await readPluginStatus(machine.socket);
  if (status === undefined || !(await isAskedByEngine(machine.socket, engineSocket))) {
    return [
      {
        id: 'plugin-not-asked',
        severity: 'error',
        message: 'the engine does not ask docker-mtls, or does not do what it says',
        hint: 'run docker-mtls authz install, and see journalctl -u docker-mtls-authz',
      },
    ];
  }
  return [
    ...status.problems.map((message) => fileFinding(message)),
    ...staleLists(status, now),
    ...(status.mode === 'observe' ? [OBSERVES] : []),
    ...localClients(status, membersOfDocker(machine)),
    ...bypassesOf(await versionOf(engineSocket)),
  ];
}

const OBSERVES: Finding<PluginFindingId> = {
  id: 'plugin-observes',
  severity: 'warning',
  message: 'the policy has mode: observe, so that it denies nothing',
  hint: 'remove that line once the log shows no surprises',
};

function fileFinding(message: string): Finding<PluginFindingId> {
  return { id: 'plugin-file-not-in-force', severity: 'error', message, hint: 'correct the file' };
}

function staleLists({ lists }: PluginStatus, now: Date): readonly Finding<PluginFindingId>[] {
  return lists
    .filter(({ nextUpdate }) => nextUpdate !== undefined && new Date(nextUpdate) <= now)
    .map(({ number, nextUpdate }) => ({
      id: 'plugin-list-stale',
      severity: 'warning',
      message: `the revocation list ${number} was due to be replaced at ${nextUpdate}`,
      hint: `run docker-mtls crl, and copy crl.pem to ${PLUGIN_PLACES.lists}`,
    }));
}

/** Who can use the local socket has no certificate, and its builds over gRPC ask no plugin (docker/cli, plugins_authorization.md). */
function localClients(
  { local }: PluginStatus,
  members: readonly string[],
): readonly Finding<PluginFindingId>[] {
  const who = members.length === 0 ? 'root' : `root and ${members.join(', ')}`;
  const role = local === undefined ? 'no role' : `the role ${local}`;
  return [
    {
      id: 'local-clients',
      severity: members.length === 0 ? 'note' : 'warning',
      message: `clients of the local socket (${who}) have ${role}, and are not told apart`,
      hint: 'remove people from the group docker, and give them certificates',
    },
    ...(members.length === 0
      ? []
      : [
          {
            id: 'local-builds',
            severity: 'warning',
            message: 'builds over gRPC on the local socket of engines from 29.2 on ask no plugin at all',
            hint: 'leave the group docker empty',
          } as const,
        ]),
  ];
}

function membersOfDocker({ groups, users }: PluginMachine): readonly string[] {
  return usersOfGroup('docker', {
    groups: fs.readFileSync(groups, 'utf8'),
    users: fs.readFileSync(users, 'utf8'),
  });
}

async function versionOf(socketPath: string): Promise<VersionAnswer> {
  const answer = await askLocally({ socketPath, method: 'GET', path: '/version' });
  try {
    const value: unknown = JSON.parse(answer?.text ?? '');
    return typeof value === 'object' && value !== null ? (value as VersionAnswer) : {};
  } catch {
    return {};
  }
}
