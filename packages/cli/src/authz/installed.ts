import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import { exists, namesIn } from '@docker-mtls/files';
import type { Io } from '../io/io.ts';

const POLICY_FILE = 'policy.yaml';

/** The policies of the plugins on this machine: a folder for each engine. */
export function installedPolicies({ systemFolders }: Io): readonly string[] {
  return namesIn(systemFolders.policies)
    .toSorted()
    .map((engine) => path.join(systemFolders.policies, engine, POLICY_FILE))
    .filter(exists);
}

/** The one that is meant where none is named. Codes: `POLICY_NOT_INSTALLED`, `ENGINE_UNCLEAR`. */
export function installedPolicy(io: Io): string {
  const found = installedPolicies(io);
  return theOnly(found, 'policies') ?? notInstalled(io.systemFolders.policies);
}

function notInstalled(folder: string): never {
  throw new MtlsError('POLICY_NOT_INSTALLED', `no engine of this machine has a policy in ${folder}`, {
    hint: 'name the file of a policy (--policy FILE; policy check FILE): docker-mtls policy preset ci prints an example',
  });
}

/** The log of the plugin on this machine. Codes: `AUDIT_NOT_FOUND`, `ENGINE_UNCLEAR`. */
export function installedLog({ systemFolders }: Io): string {
  const folders = namesIn(systemFolders.logs)
    .toSorted()
    .map((engine) => path.join(systemFolders.logs, engine));
  const found = theOnly(folders, 'logs');
  if (found !== undefined) return found;
  throw new MtlsError('AUDIT_NOT_FOUND', `there is no audit log in ${systemFolders.logs}`, {
    hint: 'name the folder of a log, or a file of it',
  });
}

function theOnly(found: readonly string[], what: string): string | undefined {
  if (found.length < 2) return found[0];
  throw new MtlsError('ENGINE_UNCLEAR', `this machine has ${found.length} ${what}: ${found.join(', ')}`, {
    hint: 'name the one that is meant',
  });
}
