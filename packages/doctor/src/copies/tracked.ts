import fs from 'node:fs';
import path from 'node:path';
import { readFile } from '@docker-mtls/files';

const LARGEST_INDEX = 256 * 1024 * 1024;
const SHORTEST_INDEX = 12;

/**
 * Those of some files that a git repository tracks. Its index is read, not asked for: git would run what the configuration of
 * a repository says. The index of a repository is read once, however many of the files it may hold.
 */
export function trackedFiles(files: readonly string[]): ReadonlySet<string> {
  const folders = new Map(files.map((file) => [path.dirname(file), undefined as Repository | undefined]));
  for (const folder of folders.keys()) folders.set(folder, repositoryOf(folder));
  const indices = new Set([...folders.values()].flatMap((each) => each?.index ?? []));
  const tracked = new Set<string>();
  for (const file of indices) {
    const index = readIndex(file);
    if (index === undefined) continue;
    const inside = files.filter((each) => folders.get(path.dirname(each))?.index === file);
    const root = folders.get(path.dirname(inside[0] ?? ''))?.root ?? '';
    const names = new Map(inside.map((each) => [path.relative(root, each).split(path.sep).join('/'), each]));
    for (const name of namesIn(index, [...names.keys()])) tracked.add(names.get(name) ?? '');
  }
  return tracked;
}

type Repository = { readonly root: string; readonly index: string };

function repositoryOf(folder: string): Repository | undefined {
  for (let root = path.resolve(folder); ; root = path.dirname(root)) {
    const index = indexOf(path.join(root, '.git'));
    if (index !== undefined) return { root, index };
    if (root === path.dirname(root)) return undefined;
  }
}

/** `.git` is a folder, or in a work tree a file that names one (gitrepository-layout(5)). */
function indexOf(git: string): string | undefined {
  try {
    if (fs.statSync(git).isDirectory()) return path.join(git, 'index');
    const [, folder] = /^gitdir: (.+)$/m.exec(readFile(git).toString('utf8')) ?? [];
    return folder === undefined ? undefined : path.resolve(path.dirname(git), folder, 'index');
  } catch {
    return undefined;
  }
}

function readIndex(file: string): Buffer | undefined {
  try {
    const index = readFile(file, LARGEST_INDEX);
    const isIndex = index.length >= SHORTEST_INDEX && index.toString('latin1', 0, 4) === 'DIRC';
    return isIndex ? index : undefined;
  } catch {
    return undefined;
  }
}

/** Those of some names that an index holds. Nothing in it says how long the hashes of its repository are. */
function namesIn(index: Buffer, names: readonly string[]): readonly string[] {
  const wanted: Wanted = { names: new Set(names), lengths: new Set(names.map(lengthOf)) };
  return HASHES.flatMap((hash) => walk(index, hash, wanted));
}

type Wanted = { readonly names: ReadonlySet<string>; readonly lengths: ReadonlySet<number> };

function lengthOf(name: string): number {
  return Buffer.byteLength(name);
}

/** Bytes of SHA-1 and of SHA-256. */
const HASHES = [20, 32];
const BEFORE_HASH = 40;
const IS_EXTENDED = 0x4000;
/** The flags say how long a name is, as far as these bits go: a walk with hashes of the wrong length ends at its first entry. */
const LENGTH_IN_FLAGS = 0xfff;
const LONGEST_NAME = 4096;

/**
 * gitformat-index(5): behind the hash of an entry are its flags, in two bytes or four, and its name. Up to version 3 the entry is
 * filled up with zeros to a multiple of 8 bytes. In version 4 a number says how much of the name before goes, and the rest
 * follows.
 */
function walk(index: Buffer, hash: number, { names, lengths }: Wanted): readonly string[] {
  const isCompressed = index.readUInt32BE(4) === 4;
  const found: string[] = [];
  const name = Buffer.alloc(LONGEST_NAME);
  let length = 0;
  let at = SHORTEST_INDEX;
  for (let count = index.readUInt32BE(8); count > 0; count -= 1) {
    const flags = at + BEFORE_HASH + hash;
    if (flags + 4 > index.length) break;
    const start = flags + ((index.readUInt16BE(flags) & IS_EXTENDED) === 0 ? 2 : 4);
    const cut = isCompressed ? numberAt(index, start) : { value: length, next: start };
    const end = index.indexOf(0, cut.next);
    const kept = length - cut.value;
    if (end === -1 || kept < 0 || kept + end - cut.next > LONGEST_NAME) break;
    index.copy(name, kept, cut.next, end);
    length = kept + end - cut.next;
    if ((index.readUInt16BE(flags) & LENGTH_IN_FLAGS) !== Math.min(length, LENGTH_IN_FLAGS)) break;
    const text = lengths.has(length) ? name.toString('utf8', 0, length) : '';
    if (names.has(text)) found.push(text);
    at = isCompressed ? end + 1 : at + 8 * Math.ceil((end + 1 - at) / 8);
  }
  return found;
}

/** As packs of git write an offset: seven bits in a byte, those of the highest value first. */
function numberAt(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let at = start;
  let value = (bytes[at] ?? 0) & 127;
  while (((bytes[at] ?? 0) & 128) !== 0) {
    at += 1;
    value = (value + 1) * 128 + ((bytes[at] ?? 0) & 127);
  }
  return { value, next: at + 1 };
}
