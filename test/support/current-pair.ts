import { readStore } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';

/** The certificate in force under a name, as a CA directory has it now. */
export async function currentPair(
  directory: string,
  kind: 'server' | 'client',
  name: string,
): Promise<Entry> {
  const reader = await readStore(directory);
  try {
    const entry = await reader.current(kind, name);
    if (entry === undefined) throw new Error(`no ${kind} ${name}`);
    return entry;
  } finally {
    await reader.close();
  }
}
