import type fs from 'node:fs';
import { shellWord } from '@docker-mtls/errors';
import { changeAccess } from '@docker-mtls/files';
import type { AccessChange } from '@docker-mtls/files';
import type { FindingNumber } from '../catalogue/row.ts';
import type { FoundFinding } from '../found.ts';
import { lookAt } from '../look-at.ts';
import type { Fix } from './fix.ts';

const WRITABLE_BY_OTHERS = 0o022;
const ANY_ACCESS_OF_OTHERS = 0o077;
const PERMISSIONS = 0o777;

/** Findings about a mode, and the bits of it that others may not have. */
const FORBIDDEN: Readonly<Partial<Record<FindingNumber, number>>> = {
  DM201: WRITABLE_BY_OTHERS,
  DM203: ANY_ACCESS_OF_OTHERS,
  DM206: ANY_ACCESS_OF_OTHERS,
  DM207: WRITABLE_BY_OTHERS,
  DM601: ANY_ACCESS_OF_OTHERS,
};

const OF_CA_DIRECTORY: FindingNumber = 'DM202';
const OF_ENGINE: FindingNumber = 'DM602';
const ROOT = { uid: 0, gid: 0 };

/** Fixes of modes and owners in the CA directory, and of the engine's key. Owners are for root alone. */
export function accessFixes(findings: readonly FoundFinding[], caDirectory: string): readonly Fix[] {
  return findings.flatMap((finding) => {
    const change = changeFor(finding, caDirectory);
    return change === undefined ? [] : [fixOf(finding, change)];
  });
}

type Change = { readonly change: AccessChange; readonly before: fs.Stats };

function changeFor({ id, subject }: FoundFinding, caDirectory: string): Change | undefined {
  const sight = lookAt(subject);
  if (sight.kind !== 'there') return undefined;
  const before = sight.stats;
  const forbidden = FORBIDDEN[id];
  if (forbidden !== undefined) return { change: { mode: before.mode & PERMISSIONS & ~forbidden }, before };
  if (process.geteuid?.() !== 0) return undefined;
  if (id === OF_ENGINE) return { change: ROOT, before };
  const owner = id === OF_CA_DIRECTORY ? lookAt(caDirectory) : undefined;
  if (owner?.kind !== 'there') return undefined;
  return { change: { uid: owner.stats.uid, gid: owner.stats.gid }, before };
}

function fixOf({ id, subject }: FoundFinding, { change, before }: Change): Fix {
  const file = shellWord(subject);
  const [does, back] =
    'mode' in change
      ? [`chmod ${octal(change.mode)} ${file}`, `chmod ${octal(before.mode & PERMISSIONS)} ${file}`]
      : [`chown ${change.uid}:${change.gid} ${file}`, `chown ${before.uid}:${before.gid} ${file}`];
  return { finding: id, subject, does, back, apply: async () => changeAccess(subject, change, before) };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
