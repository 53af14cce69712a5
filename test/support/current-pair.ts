import { readStore } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';

/** The certificate in force under a name, as a CA directory has it now. */
export function currentPair(directory: string, kind: 'server' | 'client', name: string): Entry {
  const reader = readStore(directory);
  try {
    const entry = reader.current(kind, name);
    if (entry === undefined) throw new Error(`no ${kind} ${name}`);
    return entry;
  } finally {
    reader.close();
  }
}
