import { formatCheckpoint, parseCheckpoint, sequenceOf, verify } from '@docker-mtls/audit';
import type { Checkpoint, FaultKind, Verification } from '@docker-mtls/audit';
import { counted } from '@docker-mtls/text';
import { openAuditLog } from '../../authz/audit-log.ts';
import type { AuditLogReader } from '../../authz/audit-log.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { logOf } from './order.ts';

const ANSWERED_NO = 3;

/** Is the log what was written? Exit code 3 when it is not. */
export async function verifyLog(args: Args, io: Io): Promise<Report> {
  const text = args.text('from');
  const from = text === undefined ? undefined : parseCheckpoint(text);
  const log = openAuditLog(logOf(args, io));
  try {
    let first: number | undefined;
    const verification = verify(
      noteFirst(log, (sequence) => (first = sequence)),
      { from },
    );
    return verification.kind === 'intact'
      ? intactReport(log, verification.checkpoint, from)
      : faultyReport(log, verification, { from, first });
  } finally {
    log.close();
  }
}

/** The lines of a log; what the first one calls itself is told. */
function* noteFirst(log: AuditLogReader, tell: (sequence: number | undefined) => void): Generator<string> {
  let isFirst = true;
  for (const line of log.lines()) {
    if (isFirst) tell(sequenceOf(line));
    isFirst = false;
    yield line;
  }
}

function intactReport(log: AuditLogReader, checkpoint: Checkpoint, from: Checkpoint | undefined): Report {
  const count = checkpoint.count - (from?.count ?? 0);
  const text = formatCheckpoint(checkpoint);
  const unfinished = log.unfinished();
  const since = from === undefined ? '' : ` after record ${from.sequence}`;
  const rest = unfinished === 0 ? '' : `${unfinished} bytes at the end are a record that was not finished\n`;
  return {
    json: {
      log: log.path,
      verdict: 'intact',
      records: count,
      checkpoint: text,
      ...(unfinished > 0 && { unfinished }),
    },
    text: [
      `The log is what was written: ${counted(count, 'record', 'records')}${since}\n`,
      rest,
      `checkpoint, to be kept elsewhere: ${text}\n`,
    ].join(''),
  };
}

type Faulty = Extract<Verification, { kind: 'faulty' }>;
type Context = { readonly from: Checkpoint | undefined; readonly first: number | undefined };

function faultyReport(log: AuditLogReader, { fault, sequence }: Faulty, context: Context): Report {
  const { file, line } = log.place();
  const place = fault === 'truncated' ? { file, line: line + 1 } : { file, line };
  const hint = hintFor(fault, sequence, context);
  return {
    json: { log: log.path, verdict: fault, ...place, record: sequence },
    text: [
      `${place.file}:${place.line}: the log is not what was written, from record ${sequence} on: ${WORDS[fault]}\n`,
      `hint: ${hint}\n`,
    ].join(''),
    exitCode: ANSWERED_NO,
  };
}

const WORDS: Readonly<Record<FaultKind, string>> = {
  malformed: 'this line is no record',
  altered: 'it was changed after it was written',
  missing: 'it was removed, and perhaps others after it',
  repeated: 'what is here was written before it',
  foreign: 'what is here continues another log',
  rewritten: 'it is another record than at the time of the checkpoint',
  truncated: 'it was there at the time of the checkpoint, and was removed',
};

/** A log that was rotated often enough has no beginning: a checkpoint takes its place. */
function hintFor(fault: FaultKind, sequence: number, { from, first }: Context): string {
  const isWithoutStart = fault === 'missing' && sequence === 1 && from === undefined && first !== undefined;
  if (!isWithoutStart) return 'keep a copy of the log as it is, and find out who could write to it';
  return `if rotation removed the oldest files, give --from with the checkpoint of record ${first - 1} or a later one`;
}
