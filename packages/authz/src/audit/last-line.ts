import fs from 'node:fs';
import { GENESIS, readLine } from '@docker-mtls/audit';
import type { Link } from '@docker-mtls/audit';
import { AuthzError } from '../error.ts';

/** Where a chain of lines in a file ends. */
export type ChainEnd = {
  readonly link: Link;
  /** Bytes up to the end of the last whole line; what follows was being written when the machine stopped. */
  readonly size: number;
  /** The number of the file's first record. Undefined: it has none. */
  readonly first: number | undefined;
};

/** In bytes: the file takes no longer one, so that its end is found again. */
export const LONGEST_LINE: number = 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Finds the end of the chain in an open file. Undefined for an empty one. A last line that is not intact was written by someone
 * else: it is left where it is, for `verify` to report, and the chain goes on from the last intact one. `AUTHZ_AUDIT_DAMAGED` if
 * there is none near the end.
 */
export function chainEnd(file: number, path: string): ChainEnd {
  const { size } = fs.fstatSync(file);
  const start = Math.max(0, size - 2 * LONGEST_LINE);
  const tail = read(file, start, size - start);
  const lastFeed = tail.lastIndexOf(LINE_FEED);
  if (lastFeed === -1 && size <= LONGEST_LINE) return { link: GENESIS, size: 0, first: undefined };
  const lines = tail
    .subarray(0, lastFeed + 1)
    .toString('utf8')
    .split('\n');
  const last = lines.map(readLine).findLast((line) => line?.isIntact === true);
  if (last === undefined) throw damaged(path);
  return { link: last.link, size: start + lastFeed + 1, first: firstSequence(file) };
}

function firstSequence(file: number): number | undefined {
  const head = read(file, 0, LONGEST_LINE);
  const feed = head.indexOf(LINE_FEED);
  return feed === -1 ? undefined : readLine(head.toString('utf8', 0, feed))?.link.sequence;
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, fs.readSync(file, bytes, 0, length, position));
}

function damaged(path: string): AuthzError {
  return new AuthzError('AUTHZ_AUDIT_DAMAGED', `${path} does not end with records of an audit log`, {
    hint: 'check who wrote to it, and move it elsewhere',
  });
}
