import { orRefusedLater } from '@docker-mtls/errors';
import type { Session } from './session.ts';

/**
 * Remembers that copies of pairs were written into a folder, so that `status` and `renew` look there. Where the CA directory
 * cannot be changed, as by root that of another user, only those who stand in the folder find them.
 */
export async function rememberCopies(session: Session, folder: string): Promise<void> {
  const { reader, caller } = session;
  if ((await reader.copyFolders()).includes(folder)) return;
  await orRefusedLater(
    () => session.exclusive((store) => store.rememberCopies(folder, caller.now())),
    () => undefined,
  );
}
