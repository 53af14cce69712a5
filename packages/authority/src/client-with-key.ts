import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { hasKey } from './current-pair.ts';

/** The files of so many are looked at before those of all: a CA may have a million clients. */
const FIRST = 100;

/** A client in force whose certificate is valid at that moment and whose key is here: one to ask engines as. */
export async function clientWithKey(reader: StoreReader, now: Date): Promise<Entry | undefined> {
  const isUsable = (entry: Entry): boolean =>
    entry.status === 'current' && entry.notBefore <= now && entry.notAfter > now && hasKey(entry);
  const first = await reader.inForce('client', FIRST);
  const found = first.find(isUsable);
  if (found !== undefined || first.length < FIRST) return found;
  return (await reader.entries({ kind: 'client' })).find(isUsable);
}
