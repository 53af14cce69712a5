import { formatCheckpoint, parseCheckpoint } from '@docker-mtls/audit/log';
import type { FaultKind, Verification } from '@docker-mtls/audit';
import type { Checkpoint } from '@docker-mtls/audit/log';
import { verifyAuditLog } from '@docker-mtls/authz';
import type { VerifiedLog } from '@docker-mtls/authz';
import { counted } from '@docker-mtls/text';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { logOf } from './order.ts';

const ANSWERED_NO = 3;

/** Is the log what was written? Exit code 3 when it is not. */
export async function verifyLog(args: Args, io: Io): Promise<Report> {
  const text = args.text('from');
  const from = text === undefined ? undefined : parseCheckpoint(text);
  const log = logOf(args, io);
  const verified = verifyAuditLog(log, from);
  const { verification } = verified;
  return verification.kind === 'intact'
    ? intactReport({ log, from, ...verified }, verification.checkpoint)
    : faultyReport({ log, from, ...verified }, verification);
}

type Verified = VerifiedLog & { readonly log: string; readonly from: Checkpoint | undefined };

function intactReport({ log, from, unfinished }: Verified, checkpoint: Checkpoint): Report {
  const count = checkpoint.count - (from?.count ?? 0);
  const text = formatCheckpoint(checkpoint);
  const since = from === undefined ? '' : ` after record ${from.sequence}`;
  const rest = unfinished === 0 ? '' : `${unfinished} bytes at the end are a record that was not finished\n`;
  return {
    json: { log, verdict: 'intact', records: count, checkpoint: text, ...(unfinished > 0 && { unfinished }) },
    text: [
      `The log is what was written: ${counted(count, 'record', 'records')}${since}\n`,
      rest,
      `checkpoint, to be kept elsewhere: ${text}\n`,
    ].join(''),
  };
}

type Faulty = Extract<Verification, { kind: 'faulty' }>;

function faultyReport(verified: Verified, { fault, sequence }: Faulty): Report {
  const { log, place } = verified;
  const line = fault === 'truncated' ? place.line + 1 : place.line;
  return {
    json: { log, verdict: fault, file: place.file, line, record: sequence },
    text: [
      `${place.file}:${line}: the log is not what was written, from record ${sequence} on: ${WORDS[fault]}\n`,
      `hint: ${hintFor(verified, fault, sequence)}\n`,
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
function hintFor({ from, first }: Verified, fault: FaultKind, sequence: number): string {
  const isWithoutStart = fault === 'missing' && sequence === 1 && from === undefined && first !== undefined;
  if (!isWithoutStart) return 'keep a copy of the log as it is, and find out who could write to it';
  return `if rotation removed the oldest files, give --from with the checkpoint of record ${first - 1} or a later one`;
}
