import type { Entry } from '@docker-mtls/ca-directory';
import type { Session } from './session.ts';

/**
 * A command that was killed may have recorded a pair and not published its files: opening the CA directory for a change
 * finishes that. Returns whether it was tried, because the pair's files are not where they belong.
 */
export async function finishPublishing(session: Session, { directory, serial }: Entry): Promise<boolean> {
  if (directory !== undefined) return false;
  await session.exclusive((store) => store.repairPair(serial));
  return true;
}

/** The same pair with its files published. */
export async function inPlace(session: Session, entry: Entry): Promise<Entry> {
  const { kind, name } = entry;
  if (!(await finishPublishing(session, entry))) return entry;
  return (await session.reader.current(kind === 'server' ? 'server' : 'client', name)) ?? entry;
}
