import { publishedIn } from '@docker-mtls/ca';
import { readEngineFiles } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { publishedSuspicion, publishedWarning } from './published-keys.ts';
import type { LookUp } from './published-keys.ts';

/** What is to be said of an engine that serves with keys that are public, be it that they are replaced now. */
export function publishedWarnings(
  document: DaemonConfigDocument,
  lookUp: LookUp = publishedIn,
): readonly string[] {
  const files = readEngineFiles(document);
  if (files === undefined) return [];
  return [files.ca, files.certificate].flatMap((file) => {
    const known = publishedWarning(file, lookUp);
    return known.length > 0 ? known : publishedSuspicion(file);
  });
}
