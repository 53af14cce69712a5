import fs from 'node:fs';

export type UnixGroup = { readonly name: string; readonly gid: number; readonly members: readonly string[] };

/** The groups of this machine, as group(5) has them. */
export function groups(file = '/etc/group'): readonly UnixGroup[] {
  return groupsIn(fs.readFileSync(file, 'utf8'));
}

export type Accounts = {
  /** The text of /etc/group. */
  readonly groups: string;
  /** The text of /etc/passwd. */
  readonly users: string;
};

/** Those that the row of a group names, and those whose first group it is. None where it is root's. */
export function usersOfGroup(name: string, accounts: Accounts): readonly string[] {
  const group = groupsIn(accounts.groups).find((each) => each.name === name);
  if (group === undefined || group.gid === 0) return [];
  const users = rowsOf(accounts.users);
  const primary = users.flatMap(([user = '', , , gid]) => (Number(gid) === group.gid ? [user] : []));
  return [...new Set([...group.members, ...primary])];
}

function groupsIn(text: string): readonly UnixGroup[] {
  return rowsOf(text).map(([name = '', , gid = '', members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter((each) => each !== ''),
  }));
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
