import { refused } from './damage.ts';

const LONGEST = 255;
const DEEPEST = 5;

type Rule = readonly [isBroken: (path: string) => boolean, reason: string];

/** What a name may be on every system that a bundle is opened on; the first rule that it breaks is told. */
const RULES: readonly Rule[] = [
  [(path) => path === '', 'an entry without a name'],
  [(path) => path.length > LONGEST, `its name is longer than ${LONGEST} characters`],
  [(path) => /[^ -~]/.test(path), 'its name has a character that is not printable ASCII'],
  [(path) => path.includes('\\'), 'its name has a backslash'],
  [(path) => /[:*?"<>|]/.test(path), 'its name has a character that Windows reads in its own way'],
  [(path) => path.startsWith('/'), 'its path is absolute'],
  [(path) => parts(path).includes('..'), 'its path leaves the folder'],
  [(path) => parts(path).some((part) => part === '' || part === '.'), 'its path is not in its simplest form'],
  [(path) => parts(path).length > DEEPEST, `its path is more than ${DEEPEST} folders deep`],
  [(path) => parts(path).some((part) => /[. ]$/.test(part)), 'a part of its path ends in a dot or a space'],
];

function parts(path: string): readonly string[] {
  return path.split('/');
}

/**
 * The path of an entry, of a file or (with `/` at its end) of a folder. `tar -c .` puts `./` before every name,
 * which is harmless and is taken off; `./` alone is the folder itself, and comes back empty. Code:
 * `BUNDLE_ENTRY_REFUSED`.
 */
export function parseEntryPath(text: string): string {
  if (text === './' || text === '.') return '';
  const path = text.startsWith('./') ? text.slice(2) : text;
  const plain = path.endsWith('/') ? path.slice(0, -1) : path;
  const broken = RULES.find(([isBroken]) => isBroken(plain));
  if (broken !== undefined) throw refused(text, broken[1]);
  return path;
}

/**
 * Two entries that would be one file, on a disk that does not tell upper from lower case, or a file that
 * another entry uses as its folder: which of the two is meant would depend on who unpacks.
 */
export function refuseCollisions(paths: readonly string[]): void {
  const files = new Set<string>();
  for (const path of paths.filter((each) => !each.endsWith('/'))) {
    if (files.has(path.toLowerCase())) throw refused(path, 'it is there twice');
    files.add(path.toLowerCase());
  }
  for (const path of paths) {
    if (foldersOf(path).some((folder) => files.has(folder.toLowerCase())))
      throw refused(path, 'a part of its path is a file');
  }
}

function foldersOf(path: string): readonly string[] {
  const above = parts(path).slice(0, -1);
  return above.map((_, i) => above.slice(0, i + 1).join('/'));
}
