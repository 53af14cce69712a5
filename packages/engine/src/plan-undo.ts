import {
  DaemonConfigError,
  dropInPath,
  hasUndo,
  isOurDropIn,
  previewUndo,
  renderDiff,
} from '@docker-mtls/daemon-config';
import type { UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';
import { realPathOf } from './real-path.ts';

/** What an undo does to the drop-in of the engine's unit. */
export type DropInUndo = {
  readonly path: string;
  readonly before: string;
  /** `undefined`: it goes. */
  readonly after: string | undefined;
};

/** What an undo does, or would do. */
export type UndoPlan = {
  /** daemon.json itself, where the path is a link to it. */
  readonly config: string;
  readonly outcome: UndoneDaemonConfig['outcome'];
  readonly diff: string;
  /** Absent: it stays as it is. */
  readonly dropIn?: DropInUndo;
  /** What it leaves in daemon.json and the drop-in; `undefined`: no file. */
  readonly after: readonly (string | undefined)[];
  /** Is there a record that goes with it? Not where nothing but the drop-in is left. */
  readonly isOnRecord: boolean;
};

export type UndoSubject = {
  readonly config: string;
  /** Where a drop-in of docker-mtls would be; `undefined`: this kind of engine has none. */
  readonly folder: string | undefined;
  /** Does the unit have the engine read this daemon.json, as far as it can be told? */
  readonly isRead: boolean;
  readonly force: boolean;
};

/**
 * Plans the undo of the newest change from its record and the files alone: what the unit says by now plays no part.
 * Throws `DAEMON_CONFIG_NOTHING_TO_UNDO`, `…_EDITED` and `…_UNDO_BROKEN`.
 */
export function planUndo({ config, folder, isRead, force }: UndoSubject): UndoPlan {
  const target = realPathOf(config);
  const there = folder === undefined ? undefined : ownDropIn(dropInPath(folder));
  if (there !== undefined && isRead && !hasUndo(target)) return withDiff(target, { dropIn: gone(there) });
  const { outcome, before, after, dropIn, isLast } = previewUndo(config, { force });
  // With the record, the text that it holds would be lost.
  if (there === undefined && typeof dropIn === 'string') throw dropInGone(target, folder);
  const file = { outcome, before, after };
  if (there === undefined) return withDiff(target, { file });
  if (dropIn !== undefined)
    return withDiff(target, { file, dropIn: { ...there, after: dropIn ?? undefined } });
  // Before the first change there was no drop-in of docker-mtls.
  return withDiff(target, isLast && isRead ? { file, dropIn: gone(there) } : { file });
}

function dropInGone(target: string, folder: string | undefined): DaemonConfigError {
  const name = folder === undefined ? 'the drop-in of the unit' : dropInPath(folder);
  return new DaemonConfigError(
    'DAEMON_CONFIG_UNDO_BROKEN',
    `cannot put ${name} back as it was: docker-mtls changed it, and it was removed or replaced since`,
    {
      hint: `take its former text ("dropIn") from the newest .undo.json next to ${target}, then remove that record`,
    },
  );
}

type There = Pick<DropInUndo, 'path' | 'before'>;

/** Whatever else has that name is not touched. */
function ownDropIn(path: string): There | undefined {
  const before = readFileIfExists(path)?.toString('utf8');
  return before !== undefined && isOurDropIn(before) ? { path, before } : undefined;
}

function gone(there: There): DropInUndo {
  return { ...there, after: undefined };
}

type Parts = {
  readonly file?: Pick<UndoPlan, 'outcome'> & {
    readonly before: string | undefined;
    readonly after: string | undefined;
  };
  readonly dropIn?: DropInUndo;
};

function withDiff(config: string, { file, dropIn }: Parts): UndoPlan {
  const ofFile = file === undefined ? '' : renderDiff(file.before ?? '', file.after ?? '', config);
  const isOther = dropIn !== undefined && dropIn.before !== dropIn.after;
  const ofDropIn = isOther ? renderDiff(dropIn.before, dropIn.after ?? '', dropIn.path) : '';
  return {
    config,
    outcome: file?.outcome ?? 'already',
    diff: ofFile + ofDropIn,
    ...(isOther && { dropIn }),
    after: [...(file === undefined ? [] : [file.after]), ...(isOther ? [dropIn.after] : [])],
    isOnRecord: file !== undefined,
  };
}
