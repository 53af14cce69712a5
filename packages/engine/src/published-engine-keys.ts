import { keyPublishedIn } from '@docker-mtls/ca';
import { readEngineFiles } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { publishedSuspicion, publishedWarning } from './published-keys.ts';
import type { LookUp } from './published-keys.ts';

/** The warnings for an engine that serves with published keys, even when they are being replaced. */
export function publishedWarnings(
  document: DaemonConfigDocument,
  lookUp: LookUp = keyPublishedIn,
): readonly string[] {
  const files = readEngineFiles(document);
  if (files === undefined) return [];
  return [files.ca, files.certificate].flatMap((file) => {
    const known = publishedWarning(file, lookUp);
    return known.length > 0 ? known : publishedSuspicion(file);
  });
}
