import { createHash } from 'node:crypto';
import { parseDaemonConfig, planLiveRestore } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';
import { HostError } from './host-error.ts';
import type { Journal } from './journal.ts';
import { leadingToKept } from './kept-pair.ts';
import type { KeptPair } from './kept-pair.ts';
import type { Snapshot } from './snapshot.ts';

/** A text of daemon.json or of the drop-in; `undefined`: no file. */
type Text = string | undefined;

/** What a file that is not there counts as. */
const ABSENT = 'absent';

/** Fingerprints of all that a change may leave in daemon.json and the drop-in, whenever it is interrupted. */
export function fingerprintsOf(
  snapshot: Snapshot,
  after: readonly Text[],
  pair: KeptPair | undefined,
): readonly string[] {
  const snapshots = pair === undefined ? [snapshot] : [snapshot, leadingToKept(snapshot, pair)];
  const before = snapshots.flatMap(({ images }) => images.map(({ was }) => was && fromBase64(was.base64)));
  const texts = [...before, ...after].flatMap((text) => withLiveRestore(text ?? undefined));
  return [...new Set(texts.map(fingerprint))];
}

/**
 * Refuses to take an interrupted change back where somebody has edited daemon.json or the drop-in since: what they wrote
 * may be what makes the engine start. Throws `HOST_CHANGED_SINCE`.
 */
export function refuseChangedSince(journal: Journal, dropIn: string): void {
  const [edited] = changedSince(journal, dropIn);
  if (edited !== undefined) throw wasChanged(edited.file, journal.path);
}

export type EditedFile = { readonly file: string; readonly bytes: Buffer };

/** The files that somebody has edited since, with what they say now. */
export function changedSince({ snapshot, states }: Journal, dropIn: string): readonly EditedFile[] {
  const known = new Set(states);
  return [snapshot.config, dropIn].flatMap((file) => {
    if (!snapshot.images.some((image) => image.path === file)) return [];
    const bytes = readFileIfExists(file);
    // One that was removed takes nothing with it.
    return bytes === undefined || known.has(fingerprint(bytes.toString('utf8'))) ? [] : [{ file, bytes }];
  });
}

/** While containers are to run on, daemon.json says so, or no longer, for a moment. */
function withLiveRestore(text: Text): readonly Text[] {
  try {
    const document = parseDaemonConfig(text === undefined ? undefined : Buffer.from(text));
    return [text, planLiveRestore(document, true).after, planLiveRestore(document, false).after];
  } catch {
    // A drop-in, or a file that no engine could read.
    return [text];
  }
}

function fromBase64(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function fingerprint(text: Text): string {
  return text === undefined ? ABSENT : createHash('sha256').update(text).digest('hex');
}

function wasChanged(file: string, journal: string): HostError {
  return new HostError(
    'HOST_CHANGED_SINCE',
    `${file} was edited after a change of it was interrupted, and ${journal} holds what was there before`,
    {
      hint: `to keep ${file} as it is, remove ${journal}; to put back what it holds, run docker-mtls daemon-config undo --force`,
    },
  );
}
