import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { CURRENT_FILE, rotatedFiles, rotatedName } from '@docker-mtls/audit/log';
import type { ChainRecord, Link } from '@docker-mtls/audit';
import { makePrivateDirectory } from '@docker-mtls/files';
import { chainEnd, LONGEST_LINE } from './last-line.ts';

/** A log is at most this many full files and the current one: about 2 GB. */
const ROTATE_AT = 64 * 1024 * 1024;
const MOST_ROTATED = 32;

/** The file that records are appended to. One process writes it. */
export type LogFile = {
  /** Continues the chain with a record, which `flush` writes. Throws for one that is too long. */
  readonly add: (record: ChainRecord) => void;
  /** Writes what was added since the last time. Throws if it is not written whole: none of it is part of the chain then. */
  readonly flush: () => void;
  /** Brings what was written so far to the disk. */
  readonly sync: () => Promise<void>;
  /** The end of what was written. */
  readonly last: () => Link;
  readonly close: () => void;
};

/** Lines that are not written yet, and the chain's end with them. */
type Added = { readonly text: string; readonly link: Link };

export type LogLimits = { readonly rotateAt?: number; readonly mostRotated?: number };

/** Opens the log in a folder, and continues its chain. `AUTHZ_AUDIT_DAMAGED`. */
export function openLogFile(
  folder: string,
  { rotateAt = ROTATE_AT, mostRotated = MOST_ROTATED }: LogLimits = {},
): LogFile {
  makePrivateDirectory(folder);
  const current = path.join(folder, CURRENT_FILE);
  let file = open(current);
  let { link, size, first } = chainEnd(file, current);
  let isTorn = false;
  if (size === 0) link = endOfRotated(folder);
  let added: Added = { text: '', link };
  fs.ftruncateSync(file, size);

  const rotate = (): void => {
    fs.fdatasyncSync(file);
    fs.renameSync(current, path.join(folder, rotatedName(first ?? link.sequence)));
    const next = open(current);
    fs.closeSync(file);
    file = next;
    size = 0;
    first = undefined;
    for (const name of rotatedFiles(fs.readdirSync(folder)).slice(0, -mostRotated))
      fs.unlinkSync(path.join(folder, name));
  };
  const checkEnd = (): void => {
    const actual = fs.fstatSync(file).size;
    if (actual > size && isTorn) fs.ftruncateSync(file, size);
    else if (actual > size) throw new Error('another process writes to the audit log');
    // Root has cut it: the chain goes on, and shows that.
    else size = actual;
    isTorn = false;
  };
  /** Someone else has moved or removed the file: records go where readers look for them. */
  const followPath = (): void => {
    if (fs.statSync(current, { throwIfNoEntry: false })?.ino === fs.fstatSync(file).ino) return;
    const next = open(current);
    fs.closeSync(file);
    file = next;
    ({ size } = fs.fstatSync(file));
    first = undefined;
  };

  return {
    last: () => link,
    add: (record) => {
      const next = append(added.link, record);
      if (Buffer.byteLength(next.line) >= LONGEST_LINE)
        throw new Error('the record is too long for the audit log');
      added = { text: `${added.text}${next.line}\n`, link: next.link };
    },
    flush: () => {
      const { text, link: end } = added;
      added = { text: '', link };
      if (text === '') return;
      if (size >= rotateAt) rotate();
      checkEnd();
      const bytes = Buffer.from(text);
      isTorn = true;
      writeWhole(file, bytes, size);
      isTorn = false;
      size += bytes.length;
      first ??= link.sequence + 1;
      link = end;
      added = { text: '', link };
    },
    sync: async () => {
      followPath();
      await new Promise<void>((resolve, reject) => {
        fs.fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
      });
    },
    close: () => {
      fs.fdatasyncSync(file);
      fs.closeSync(file);
    },
  };
}

const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;

function open(file: string): number {
  return fs.openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
}

/** Where a file was rotated and no record came after it. */
function endOfRotated(folder: string): Link {
  const newest = rotatedFiles(fs.readdirSync(folder)).at(-1);
  if (newest === undefined) return GENESIS;
  const file = fs.openSync(path.join(folder, newest), 'r');
  try {
    return chainEnd(file, newest).link;
  } finally {
    fs.closeSync(file);
  }
}

/** A full disk takes a part of a line: half a record must not stay in front of the next one. */
function writeWhole(file: number, bytes: Buffer, position: number): void {
  try {
    let written = 0;
    while (written < bytes.length) {
      const more = fs.writeSync(file, bytes, written, bytes.length - written, position + written);
      if (more === 0) throw new Error('the audit log takes no more');
      written += more;
    }
  } catch (error) {
    try {
      fs.ftruncateSync(file, position);
    } catch {
      // The next write begins at the same place, and cuts off what is behind it first.
    }
    throw error;
  }
}
