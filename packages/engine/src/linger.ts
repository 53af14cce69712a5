import fs from 'node:fs';
import os from 'node:os';
import type { Scope } from './scope.ts';

/** Where logind keeps who has a service manager without being logged in (loginctl enable-linger). */
const LINGERING = '/var/lib/systemd/linger';

/** What is to be said of a user's engine that others are to reach, and that is gone when its user is. */
export function lingerWarnings(
  { isRootless }: Pick<Scope, 'isRootless'>,
  { user = os.userInfo().username, folder = LINGERING }: { user?: string; folder?: string } = {},
): readonly string[] {
  if (!isRootless || fs.existsSync(`${folder}/${user}`)) return [];
  return [`this engine ends when ${user} logs out: "loginctl enable-linger ${user}" keeps it`];
}
