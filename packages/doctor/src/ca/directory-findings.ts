import type fs from 'node:fs';
import path from 'node:path';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { isMtlsError } from '@docker-mtls/errors';
import { counted } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { compareFile, readOwner } from './compare-file.ts';
import { whyOtherRoots } from './pair-findings.ts';

/** What the files of a CA directory say that are those of no pair, and what a stopped command has left. */
export async function directoryFindings(
  reader: StoreReader,
  stats: fs.Stats,
): Promise<readonly FoundFinding[]> {
  const { ca, crl } = await reader.publicFiles();
  const owner = readOwner(stats);
  return [
    ...compareFile(path.join(reader.directory, 'ca.pem'), owner, (content) => whyOtherRoots(content, ca)),
    ...compareFile(path.join(reader.directory, 'crl.pem'), owner, (content) =>
      content.equals(Buffer.from(crl)) ? undefined : 'is not the revocation list on record',
    ),
    ...(await profileFindings(reader)),
    ...(await workFindings(reader)),
  ];
}

async function profileFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  const findings: FoundFinding[] = [];
  for (const kind of ['ca', 'server', 'client'] as const) {
    try {
      await reader.profile(kind);
    } catch (error) {
      if (!isMtlsError(error)) throw error;
      const { message, hint } = error;
      const subject = `profiles/${kind}.json`;
      findings.push(found('authority', 'profile-unusable', { subject, message, hint }));
    }
  }
  return findings;
}

async function workFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  const { unfinished } = await reader.recorded(0);
  if (unfinished === 0) return [];
  const pairs = counted(unfinished, 'pair', 'pairs');
  const message = `a command was stopped before the files of ${pairs} were in place`;
  return [found('authority', 'work-unfinished', { subject: reader.directory, message })];
}
