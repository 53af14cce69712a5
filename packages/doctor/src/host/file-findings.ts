import fs from 'node:fs';
import nodePath from 'node:path';
import { findUnsafeFolder } from '@docker-mtls/files';
import { shellWord } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

const GROUP_OR_OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

export type FilesSeen = { readonly found: readonly FoundFinding[]; readonly unseen: readonly string[] };

/** The user whose engine it is: 0, or the owner of a rootless one. */
export type Owner = number;

/** Who can read the engine's key, and who can exchange it. */
export function keyFileFindings(key: string, owner: Owner): FilesSeen {
  return seen(key, (stats) => {
    const subject = fs.realpathSync(key);
    const word = shellWord(subject);
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    return [
      ...((stats.mode & GROUP_OR_OTHERS) === 0
        ? []
        : [
            found('host', 'key-readable', {
              subject,
              message: `its mode is ${mode}`,
              hint: `chmod 0400 ${word}`,
            }),
          ]),
      ...(stats.uid === owner
        ? []
        : [
            found('host', 'key-owner', {
              subject,
              message: `uid ${stats.uid} owns it`,
              hint: `chown ${owner}:${owner} ${word}`,
            }),
          ]),
      ...linkFindings(key),
    ];
  });
}

/** Who can change a file that the engine or systemd reads, by itself or by its folder. */
export function changeableFindings(
  file: string,
  word: 'certificate-writable' | 'config-writable' | 'unit-writable',
  owner: Owner,
): FilesSeen {
  return seen(file, (stats) => {
    const subject = fs.realpathSync(file);
    const reasons = [
      ...(stats.uid === owner || stats.uid === 0 ? [] : [`uid ${stats.uid} owns it`]),
      ...((stats.mode & OTHERS_WRITE) === 0 ? [] : ['its mode lets others write to it']),
    ];
    if (reasons.length > 0)
      return [
        found('host', word, {
          subject,
          message: reasons.join(', and '),
          hint: `chown ${owner}:${owner} ${shellWord(subject)} && chmod go-w ${shellWord(subject)}`,
        }),
      ];
    const folder = findUnsafeFolder(nodePath.dirname(subject));
    return folder === undefined
      ? []
      : [found('host', word, { subject, message: `${folder.reason} ${folder.folder}`, hint: folder.hint })];
  });
}

/** Each link on the way to a file lies in a folder that its owner alone can change, and so does the file. */
function linkFindings(file: string): readonly FoundFinding[] {
  const unsafe = foldersOf(file)
    .map((folder) => findUnsafeFolder(folder))
    .find((each) => each !== undefined);
  if (unsafe === undefined) return [];
  const message = `${unsafe.reason} ${unsafe.folder}`;
  return [found('host', 'key-link', { subject: file, message, hint: unsafe.hint })];
}

const MOST_LINKS = 40;

/** The folders in which a path's links and the file at its end are. */
function foldersOf(file: string): readonly string[] {
  const folders: string[] = [];
  let path = nodePath.resolve(file);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const link = firstLink(path);
    folders.push(nodePath.dirname(link ?? path));
    if (link === undefined) break;
    const target = nodePath.resolve(nodePath.dirname(link), fs.readlinkSync(link));
    path = nodePath.join(target, nodePath.relative(link, path));
  }
  return folders;
}

function firstLink(path: string): string | undefined {
  const parts = path.split('/').slice(1);
  return parts
    .map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
    .find((prefix) => fs.lstatSync(prefix, { throwIfNoEntry: false })?.isSymbolicLink() === true);
}

/** A file that is missing is another finding's; one that may not be looked at is reported. */
function seen(file: string, look: (stats: fs.Stats) => readonly FoundFinding[]): FilesSeen {
  try {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    return { found: stats === undefined ? [] : look(stats), unseen: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // A file has the place of a folder: missing, as Node says from 22 on.
    if (code === 'ENOTDIR') return { found: [], unseen: [] };
    return { found: [], unseen: [`${file} (${code})`] };
  }
}
