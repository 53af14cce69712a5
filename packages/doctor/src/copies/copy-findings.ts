import path from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import { validityState } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { shellWord, unlessRefused } from '@docker-mtls/errors';
import { findUnsafeFolder } from '@docker-mtls/files';
import type { UnsafeFolder } from '@docker-mtls/files';
import { distance, moment } from '@docker-mtls/text';
import type { ContextWord } from '../catalogue/contexts.ts';
import { entryOf } from '../entry-of.ts';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { lookAt } from '../look-at.ts';
import type { FoundCopy } from './copy.ts';

const READABLE_BY_OTHERS = 0o077;
const PERMISSIONS = 0o777;

export type CopyOrder = {
  readonly reader: StoreReader | undefined;
  /** Files that git repositories track. */
  readonly tracked: ReadonlySet<string>;
  readonly now: Date;
};

/** What is wrong with a copy of a pair: its certificate, by the registry where there is one, and who can read its key. */
export async function copyFindings(
  copy: FoundCopy,
  { reader, tracked, now }: CopyOrder,
): Promise<readonly FoundFinding[]> {
  const { certificate } = copy;
  const entry = certificate && reader && (await entryOf(reader, certificate));
  return [
    ...(certificate === undefined ? [] : certificateFindings(copy, { certificate, entry, now })),
    ...copy.secrets.flatMap((file) => [
      ...readableFindings(copy, file),
      ...(tracked.has(file) ? [trackedFinding(file)] : []),
    ]),
  ];
}

type Known = { readonly certificate: Certificate; readonly entry: Entry | undefined; readonly now: Date };

const OUTDATED: Readonly<Record<FoundCopy['kind'], ContextWord>> = {
  context: 'certificate-replaced',
  bundle: 'bundle-outdated',
  credentials: 'credentials-outdated',
};

function certificateFindings(copy: FoundCopy, { certificate, entry, now }: Known): readonly FoundFinding[] {
  if (entry === undefined) return copy.kind === 'context' ? validityFindings(copy, certificate, now) : [];
  if (entry.status === 'revoked') {
    const message = `it holds a certificate of ${entry.name} that was revoked`;
    return [
      found('contexts', 'certificate-revoked', {
        subject: copy.place,
        message,
        hint: removeHint(copy, entry),
      }),
    ];
  }
  if (entry.status === 'current') return [];
  const message = `it holds an older certificate of ${entry.name} than the one last issued`;
  const hint = refreshHint(copy, entry);
  return [found('contexts', OUTDATED[copy.kind], { subject: copy.place, message, hint })];
}

function removeHint({ kind, place }: FoundCopy, { name }: Entry): string {
  const remove = kind === 'context' ? `run docker-mtls context remove ${shellWord(place)}` : 'delete it';
  return `${remove}; if ${name} stays and has no new pair yet, docker-mtls issue-client ${shellWord(name)} makes one`;
}

function refreshHint({ kind, place, made = [] }: FoundCopy, { name }: Entry): string {
  if (kind === 'context') return `run docker-mtls context update ${shellWord(place)}`;
  if (kind === 'bundle') {
    const unsafe = unlessRefused(() => findUnsafeFolder(path.dirname(place)));
    const words = [name, ...made, ...(unsafe === undefined ? ['-o', place] : [])].map(shellWord).join(' ');
    return `run docker-mtls bundle ${words}${unsafe === undefined ? '' : othersHint(unsafe, name)}`;
  }
  return `run docker-mtls ci export ${shellWord(name)} again, and store the new secret`;
}

/** Who can write to the folder may have put a file there that only looks like a copy, to be given a key. */
function othersHint({ reason, folder }: UnsafeFolder, name: string): string {
  return `, and hand it to ${name} yourself: ${reason} ${folder}, and may have put this file there`;
}

/** Of a certificate that is on record here, the CA's own findings tell. */
function validityFindings({ place }: FoundCopy, { info }: Certificate, now: Date): readonly FoundFinding[] {
  const state = validityState(info, now);
  if (state !== 'expired' && state !== 'due') return [];
  const word = state === 'expired' ? 'certificate-refused' : 'certificate-expires';
  const ends = `${state === 'expired' ? 'ended' : 'ends'} on ${moment(info.notAfter)}, ${distance(info.notAfter, now)}`;
  return [found('contexts', word, { subject: place, message: `its client certificate ${ends}` })];
}

function readableFindings({ kind }: FoundCopy, file: string): readonly FoundFinding[] {
  const sight = lookAt(file);
  // Windows has no such modes.
  if (sight.kind !== 'there' || process.platform === 'win32') return [];
  const mode = sight.stats.mode & PERMISSIONS;
  if ((mode & READABLE_BY_OTHERS) === 0) return [];
  const word = kind === 'bundle' ? 'bundle-readable' : 'key-readable';
  return [
    found('contexts', word, {
      subject: file,
      message: `its mode is ${mode.toString(8).padStart(4, '0')}: other users may get at the private key`,
      hint: `run chmod 600 ${shellWord(file)}, and revoke the certificate if somebody has read it`,
    }),
  ];
}

function trackedFinding(file: string): FoundFinding {
  return found('contexts', 'key-tracked', {
    subject: file,
    message: 'a git repository tracks it, and it holds a private key',
  });
}
