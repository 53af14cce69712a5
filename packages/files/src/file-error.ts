import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { hasCode, isMtlsError, MtlsError } from '@docker-mtls/errors';

export type FileErrorCode =
  | 'FILE_EXISTS'
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_PERMITTED'
  | 'FILE_NO_SPACE'
  | 'FILE_READ_ONLY'
  | 'FILE_NOT_REGULAR'
  | 'FILE_TOO_LARGE'
  | 'FILE_UNSAFE'
  | 'FILE_UNUSABLE';

/** Something about a path that its owner can put right. */
export class FileError extends MtlsError<FileErrorCode> {
  override readonly name: string = 'FileError';
}

type Explanation = readonly [code: FileErrorCode, reason: string, hint: string];

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  EEXIST: ['FILE_EXISTS', 'it exists already', 'move it away, or choose another path'],
  ENOENT: ['FILE_NOT_FOUND', 'no such file or directory', 'check the path'],
  EACCES: ['FILE_NOT_PERMITTED', 'permission denied', 'run as the owner of the path, or as root'],
  EPERM: ['FILE_NOT_PERMITTED', 'operation not permitted', 'run as the owner of the path, or as root'],
  ENOSPC: ['FILE_NO_SPACE', 'no space left on the device', 'free some space and run the command again'],
  EDQUOT: ['FILE_NO_SPACE', 'the disk quota is used up', 'free some space and run the command again'],
  EFBIG: [
    'FILE_NO_SPACE',
    'the file size limit is reached',
    'raise the limit (ulimit -f) and run the command again',
  ],
  EROFS: ['FILE_READ_ONLY', 'the file system is read-only', 'choose a path that can be written'],
  EISDIR: ['FILE_NOT_REGULAR', 'it is a directory', 'name a file'],
  ENOTDIR: ['FILE_NOT_REGULAR', 'a part of the path is not a directory', 'check the path'],
  ENXIO: ['FILE_NOT_REGULAR', 'it is a socket, or a device that is not there', 'name a file'],
  ELOOP: ['FILE_NOT_REGULAR', 'it is a symbolic link, or one too many', 'name the file itself'],
  EXDEV: [
    'FILE_UNUSABLE',
    'what is there cannot be renamed: it is in a lower layer of an overlay, or on another file system',
    'move it away with mv, which copies it, and run the command again',
  ],
  ENAMETOOLONG: ['FILE_UNUSABLE', 'the name is too long', 'choose a shorter path'],
  EIO: ['FILE_UNUSABLE', 'the disk reports an error', 'look at the system log (dmesg), and at the disk'],
  EMFILE: [
    'FILE_UNUSABLE',
    'too many files are open',
    'raise the limit (ulimit -n) and run the command again',
  ],
  ENFILE: [
    'FILE_UNUSABLE',
    'too many files are open on this machine',
    'raise fs.file-max, or stop a program',
  ],
  ESTALE: ['FILE_UNUSABLE', 'the file server no longer has it', 'mount its file system again'],
  EBUSY: ['FILE_UNUSABLE', 'it is in use, perhaps as a mount point', 'unmount it, or choose another path'],
};

/** Where the advice to be root is of no use. */
const ROOT_HINT =
  'run as the owner of the path; what keeps root out is chattr +i or +a (lsattr shows it), a file server or missing capabilities';

/** Turns a system error into a `FileError` that names the path; anything else comes back as it was. */
export function explainFileError(error: unknown, doing: string, path: string): unknown {
  if (isMtlsError(error)) return error;
  const explanation =
    noInodes(error, path) ?? EXPLANATIONS[systemCode(error)] ?? nulInName(error) ?? inItsOwnWords(error);
  if (explanation === undefined) return error;
  const [code, reason, usual] = explanation;
  const general = code === 'FILE_NOT_PERMITTED' && process.geteuid?.() === 0 ? ROOT_HINT : usual;
  const hint = code === 'FILE_NOT_FOUND' && doing !== 'read' ? `${general}; its folder must exist` : general;
  return new FileError(code, `cannot ${doing} ${path}: ${reason}`, { hint, cause: error });
}

/** Runs a file-system step; what it throws says what was being done, to which path, and what to do. */
export function explained<T>(doing: string, path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw explainFileError(error, doing, path);
  }
}

/**
 * The same for a system error that reaches the end of a command: Node has written down which call failed, and most often
 * about which path. Anything else comes back as it was.
 */
export function explainSystemError(error: unknown): unknown {
  if (isMtlsError(error) || !isOfSystem(error)) return error;
  const { syscall, path } = error;
  const doing = DOING[syscall] ?? (path === undefined ? 'make the system call' : `carry out ${syscall} on`);
  return explainFileError(error, doing, path ?? syscall);
}

const DOING: Readonly<Record<string, string>> = {
  access: 'use',
  lstat: 'look at',
  mkdir: 'make the folder',
  open: 'open',
  readlink: 'read',
  realpath: 'look at',
  rename: 'replace',
  rmdir: 'remove',
  scandir: 'read',
  stat: 'look at',
  unlink: 'remove',
};

type SystemError = { readonly message: string; readonly syscall: string; readonly path?: string };

function isOfSystem(error: unknown): error is SystemError {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  return 'syscall' in error && typeof error.syscall === 'string';
}

/** The system says ENOSPC also where no file can be made for want of inodes. */
function noInodes(error: unknown, path: string): Explanation | undefined {
  if (!hasCode(error, 'ENOSPC') || !isWithoutInodes(path)) return undefined;
  return [
    'FILE_NO_SPACE',
    'no inodes left on the device',
    'remove files that are not needed and run the command again',
  ];
}

/** Can the file system of this path have no more files? */
export function isWithoutInodes(path: string): boolean {
  try {
    const { files, ffree } = fs.statfsSync(path);
    return files > 0 && ffree === 0;
  } catch {
    const above = nodePath.dirname(path);
    return above !== path && isWithoutInodes(above);
  }
}

/** The file system has many more reasons (a server that is gone, say), and none is a bug of this program. */
function inItsOwnWords(error: unknown): Explanation | undefined {
  if (!isOfSystem(error)) return undefined;
  // `ENOTEMPTY: directory not empty, rmdir '/some/folder'`
  const { message } = error;
  const [, reason = message] = /^(?:E\w+|Unknown system error -\d+): (.+?)(?:, |$)/.exec(message) ?? [];
  return ['FILE_UNUSABLE', reason, 'look at the file system that it is on'];
}

/** No system can have such a path, so Node does not ask it. */
function nulInName(error: unknown): Explanation | undefined {
  if (!hasCode(error, 'ERR_INVALID_ARG_VALUE') || !error.message.includes('null bytes')) return undefined;
  return ['FILE_UNUSABLE', 'there is a NUL in the name', 'check the path'];
}

function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  const code = String(error.code);
  return code.startsWith('Unknown') && 'errno' in error ? nameOf(Number(error.errno)) : code;
}

/** libuv has no name for some errors, ESTALE among them: `code` is a sentence then. */
function nameOf(errno: number): string {
  return Object.entries(os.constants.errno).find(([, value]) => value === -errno)?.[0] ?? '';
}
