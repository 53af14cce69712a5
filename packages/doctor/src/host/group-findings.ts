import { usersOfGroup } from '@docker-mtls/engine/authorization';
import type { Accounts } from '@docker-mtls/engine/authorization';
import { someOf } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/** A user of the socket of the engine is root, and no certificate tells who it was. */
export function groupFindings(group: string, accounts: Accounts): readonly FoundFinding[] {
  const names = usersOfGroup(group, accounts);
  if (names.length === 0) return [];
  return [
    found('host', 'group-members', {
      subject: `group ${group}`,
      message: `its members are ${someOf(names)}`,
      hint: `remove each with gpasswd -d USER ${group}, and give them client certificates: docker-mtls issue-client`,
    }),
  ];
}
