import { hash } from 'node:crypto';
import { readTrustedRoots } from '@docker-mtls/ca';
import type { ChangeRecord } from '@docker-mtls/audit/log';
import { decodeText, parse as parsePolicy } from '@docker-mtls/policy';
import type { Policy } from '@docker-mtls/policy';
import { AuthzError } from '../error.ts';
import { clientReader } from '../identity/client.ts';
import type { Reading } from '../identity/client.ts';
import { parseLocks } from '../identity/locks.ts';
import type { Lock } from '../identity/locks.ts';
import { nextRevocations, parseRevocations } from '../identity/revocations.ts';
import type { Revocations } from '../identity/revocations.ts';
import { LARGEST_LIST_IN_FORCE, NOTHING_KEPT } from './kept-state.ts';
import type { KeptState } from './kept-state.ts';
import { SETTLED_AFTER_MS, watchedFile } from './watched-file.ts';
import type { WatchedFile } from './watched-file.ts';

export type SettingsFiles = {
  readonly policy: string;
  readonly roots: string;
  readonly lists: string | undefined;
  readonly locks: string;
};

/** All that decisions are made by, besides the request and the moment. */
export type Settings = {
  readonly policy: Policy;
  readonly readClient: (certificate: string) => Reading;
  /** Undefined: the plugin was given no revocation list. */
  readonly revocations: Revocations | undefined;
  readonly locks: readonly Lock[];
};

export type Change = Pick<ChangeRecord, 'what' | 'sha256'>;

export type SettingsSource = {
  readonly current: () => Settings;
  /** Why a file as it is now is not in force, a sentence for each. */
  readonly problems: () => readonly string[];
  /** Looks at the files again; what changed. */
  readonly look: () => Promise<readonly Change[]>;
  /** Everything that is in force and was read from a file. */
  readonly all: () => readonly Change[];
};

type Content<T> = { readonly value: T; readonly sha256: string };

const LARGEST_TEXT = 1024 * 1024;
const LOOKS_AT_START = 40;

/** Reads the files and follows them from then on. Throws what keeps one of them from being used at the start. */
export async function openSettings(
  files: SettingsFiles,
  kept: KeptState = NOTHING_KEPT,
): Promise<SettingsSource> {
  const policy = watch(files.policy, LARGEST_TEXT, async (bytes) => parsePolicy(decodeText(bytes)));
  const roots = watch(files.roots, LARGEST_TEXT, async (bytes) => readTrustedRoots(bytes).certificates);
  await settle([policy, roots]);
  const keptLocks = kept.locks() ?? [];
  const locks = watch(files.locks, LARGEST_TEXT, async (bytes) => parseLocks(bytes.toString('utf8')), {
    initial: keptLocks,
    mayBeMissing: keptLocks.length === 0,
  });
  let inForce = await kept.lists(valueOf(roots));
  const parseLists = async (bytes: Buffer): Promise<Revocations> => {
    inForce = nextRevocations(inForce, await parseRevocations(bytes, valueOf(roots)));
    return inForce;
  };
  const lists =
    files.lists === undefined
      ? undefined
      : watch(files.lists, LARGEST_LIST_IN_FORCE, parseLists, inForce.size === 0 ? {} : { initial: inForce });
  await settle([locks, ...(lists === undefined ? [] : [lists])]);

  let readClient = clientReader(valueOf(roots));
  const combine = (): Settings => ({
    policy: valueOf(policy),
    readClient,
    revocations: lists === undefined ? undefined : valueOf(lists),
    locks: valueOf(locks),
  });
  let current = combine();
  const watched = { policy, roots, locks, ...(lists && { 'revocation list': lists }) };
  keep(kept, current, ['locks', 'revocation list']);
  return {
    current: () => current,
    problems: () => Object.values(watched).flatMap((each) => each.problem()?.message ?? []),
    all: () =>
      Object.entries(watched)
        .map(changeOf)
        .filter(({ sha256 }) => sha256 !== ''),
    look: async () => {
      const changes: Change[] = [];
      for (const each of Object.entries(watched))
        if (await each[1].look(performance.now())) changes.push(changeOf(each));
      const changed = changes.map(({ what }) => what);
      if (changed.includes('roots')) {
        readClient = clientReader(valueOf(roots));
        // A list of a CA that was no root before may be one now.
        lists?.again();
      }
      if (changed.length > 0) {
        current = combine();
        keep(kept, current, changed);
      }
      return changes;
    },
  };
}

function changeOf([what, file]: readonly [string, WatchedFile<Content<unknown>>]): Change {
  return { what: what as Change['what'], sha256: file.value()?.sha256 ?? '' };
}

function watch<T>(
  file: string,
  limit: number,
  parse: (bytes: Buffer) => Promise<T>,
  { initial, mayBeMissing = false }: { readonly initial?: T; readonly mayBeMissing?: boolean } = {},
): WatchedFile<Content<T>> {
  return watchedFile({
    file,
    limit,
    parse: async (bytes): Promise<Content<T>> => ({
      value: await parse(bytes),
      sha256: hash('sha256', bytes, 'hex'),
    }),
    mayBeMissing,
    ...(initial !== undefined && { initial: { value: initial, sha256: '' } }),
  });
}

/** At the start there is no earlier state that could stay in force. */
async function settle(files: readonly WatchedFile<unknown>[]): Promise<void> {
  for (let look = 0; look < LOOKS_AT_START; look += 1) {
    for (const each of files) await each.look(performance.now());
    if (files.every((each) => each.isSettled())) break;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS / 4));
  }
  const problem = files.find((each) => each.value() === undefined);
  if (problem === undefined) return;
  throw (
    problem.problem() ??
    new AuthzError('AUTHZ_FILE_UNSAFE', 'a file changed all the time while it was to be read', {
      hint: 'write it once, and start again',
    })
  );
}

function valueOf<T>(file: WatchedFile<Content<T>>): T {
  const content = file.value();
  if (content === undefined) throw new Error('asked for a file before it was read');
  return content.value;
}

function keep(kept: KeptState, { revocations, locks }: Settings, changed: readonly Change['what'][]): void {
  try {
    if (revocations !== undefined && changed.includes('revocation list')) kept.keepLists(revocations);
    if (changed.includes('locks')) kept.keepLocks(locks);
  } catch {
    // On a full disk. They are in force for as long as this process runs; the audit log, on the same disk, denies what follows.
  }
}
