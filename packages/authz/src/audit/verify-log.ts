import { sequenceOf, verify } from '@docker-mtls/audit';
import type { Verification } from '@docker-mtls/audit';
import type { Checkpoint } from '@docker-mtls/audit/log';
import { withAuditLog } from './read-log.ts';

/** Whether a log is what was written, and where it is not. */
export type VerifiedLog = {
  readonly verification: Verification;
  /** The line that was read last: the faulty one, or the last one that is intact. */
  readonly place: { readonly file: string; readonly line: number };
  /** What the first record calls itself. */
  readonly first: number | undefined;
  /** Bytes after the last whole line: a record that is being written, or was when the machine stopped. */
  readonly unfinished: number;
};

/** Follows the chain of a log, from a checkpoint or from its beginning. Codes: `AUDIT_NOT_FOUND`, `FILE_…`. */
export function verifyAuditLog(where: string, from: Checkpoint | undefined): VerifiedLog {
  return withAuditLog(where, (log) => {
    let first: number | undefined;
    const verification = verify(
      noteFirst(log.lines(), (line) => (first = sequenceOf(line))),
      { from },
    );
    return { verification, place: log.place(), first, unfinished: log.unfinished() };
  });
}

function* noteFirst(lines: Iterable<string>, tell: (line: string) => void): Generator<string> {
  let isFirst = true;
  for (const line of lines) {
    if (isFirst) tell(line);
    isFirst = false;
    yield line;
  }
}
