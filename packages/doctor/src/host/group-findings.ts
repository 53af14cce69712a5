import { someOf } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

export type Accounts = {
  /** The text of /etc/group. */
  readonly groups: string;
  /** The text of /etc/passwd. */
  readonly users: string;
};

/** A user of the socket of the engine is root, and no certificate tells who it was. */
export function groupFindings(group: string, { groups, users }: Accounts): readonly FoundFinding[] {
  const row = rowsOf(groups).find(([name]) => name === group);
  const [, , id = '', members = ''] = row ?? [];
  if (row === undefined || Number(id) === 0) return [];
  const primary = rowsOf(users).flatMap(([name = '', , , gid]) => (gid === id ? [name] : []));
  const names = [...new Set([...members.split(',').filter((name) => name !== ''), ...primary])];
  if (names.length === 0) return [];
  return [
    found('host', 'group-members', {
      subject: `group ${group}`,
      message: `its members are ${someOf(names)}`,
      hint: `remove each with gpasswd -d USER ${group}, and give them client certificates: docker-mtls issue-client`,
    }),
  ];
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
