import fs from 'node:fs';
import nodePath from 'node:path';
import { shellWord } from '@docker-mtls/errors';
import { isPartialName, namesIn } from '@docker-mtls/files';
import { LEAF_FILES } from '../layout.ts';
import type { Layout } from '../layout.ts';
import type { Observation, ObservationWord } from './observation.ts';

/** A mode that lets others do what they must not, and the one to set instead. */
export type WrongMode = { readonly word: ObservationWord; readonly path: string; readonly wanted: number };

const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const KEY_NAMES: readonly string[] = Object.values(LEAF_FILES).map(({ key }) => key);

/** Every file and folder of a CA directory, none of them behind a link. */
export function* entriesBelow(folder: string): Iterable<{ readonly path: string; readonly stats: fs.Stats }> {
  for (const name of namesIn(folder)) {
    const path = nodePath.join(folder, name);
    const stats = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isSymbolicLink()) continue;
    yield { path, stats };
    if (stats.isDirectory()) yield* entriesBelow(path);
  }
}

/** What others may read or change, though they must not. */
export function wrongModes(layout: Layout): readonly WrongMode[] {
  // What Node shows as modes on Windows is made up.
  if (process.platform === 'win32') return [];
  const own = fs.statSync(layout.directory);
  return [{ path: layout.directory, stats: own }, ...entriesBelow(layout.directory)].flatMap((entry) => {
    const rule = ruleFor(layout, entry.path);
    return (entry.stats.mode & rule.forbidden) === 0
      ? []
      : [{ word: rule.word, path: entry.path, wanted: entry.stats.mode & 0o777 & ~rule.forbidden }];
  });
}

type ModeRule = { readonly word: ObservationWord; readonly forbidden: number };

function ruleFor(layout: Layout, path: string): ModeRule {
  if (path === layout.directory) return { word: 'directory-writable', forbidden: WRITABLE_BY_OTHERS };
  if (path === layout.private || nodePath.dirname(path) === layout.private)
    return { word: 'ca-key-readable', forbidden: GROUP_AND_OTHERS };
  if (KEY_NAMES.includes(nodePath.basename(path)))
    return { word: 'key-readable', forbidden: GROUP_AND_OTHERS };
  return { word: 'file-writable', forbidden: WRITABLE_BY_OTHERS };
}

/** A mode that is right again makes no key secret again. */
const EXPOSED: Readonly<Partial<Record<ObservationWord, string>>> = {
  'ca-key-readable': '; make a new CA if somebody has read the key',
  'key-readable': '; revoke the pair if somebody has read the key',
};

export function modeObservations(layout: Layout): readonly Observation[] {
  return wrongModes(layout).map(({ word, path, wanted }) => {
    const mode = (fs.statSync(path).mode & 0o777).toString(8).padStart(4, '0');
    const hint = `run docker-mtls ca repair, which sets mode ${wanted.toString(8).padStart(4, '0')}${EXPOSED[word] ?? ''}`;
    return { word, subject: path, message: `${path} has mode ${mode}`, hint };
  });
}

export function ownerObservations(layout: Layout): readonly Observation[] {
  if (process.geteuid === undefined) return [];
  const { uid, gid } = fs.statSync(layout.directory);
  return [...entriesBelow(layout.directory)]
    .filter(({ stats }) => stats.uid !== uid)
    .map(({ path, stats }) => ({
      word: 'directory-owner',
      subject: path,
      message: `${path} belongs to uid ${stats.uid}, and the CA directory to uid ${uid}`,
      hint: `as root: chown -R ${uid}:${gid} ${shellWord(layout.directory)}`,
    }));
}

/** What killed commands were making. */
export function partialObservations(layout: Layout): readonly Observation[] {
  return [...entriesBelow(layout.directory)]
    .filter(({ path }) => isPartialName(nodePath.basename(path)))
    .map(({ path }) => ({
      word: 'work-unfinished',
      subject: path,
      message: `${path} was left by a command that was stopped`,
    }));
}
