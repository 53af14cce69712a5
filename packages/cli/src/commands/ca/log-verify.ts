import { formatCheckpoint, parseCheckpoint } from '@docker-mtls/audit/log';
import type { EventsVerdict } from '@docker-mtls/ca-directory';
import { counted } from '@docker-mtls/text';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';

const ANSWERED_NO = 3;

/** Whether the log is what was written. */
export function runCaLogVerify(args: Args, io: Io): Promise<Report> {
  const text = args.text('checkpoint');
  const checkpoints = text === undefined ? [] : [parseCheckpoint(text)];
  return withCliSession(args, io, async ({ reader }) => {
    const verdict = await reader.verifyEvents(checkpoints);
    const isIntact = verdict.kind === 'intact';
    return {
      json: { directory: reader.directory, ...verdictJson(verdict) },
      text: `${verdictText(verdict)}\n`,
      ...(!isIntact && { exitCode: ANSWERED_NO }),
    };
  });
}

function verdictJson(verdict: EventsVerdict): Record<string, unknown> {
  if (verdict.kind === 'intact')
    return {
      verdict: 'intact',
      events: verdict.checkpoint.count,
      checkpoint: formatCheckpoint(verdict.checkpoint),
    };
  if (verdict.kind === 'faulty') return { verdict: verdict.fault, event: verdict.sequence };
  return verdict.kind === 'untold' ? { verdict: 'untold', serial: verdict.serial } : { verdict: 'unchained' };
}

const FAULTS: Readonly<Record<Extract<EventsVerdict, { kind: 'faulty' }>['fault'], string>> = {
  malformed: 'its hash is none',
  altered: 'it is not what was written',
  missing: 'it was removed',
  repeated: 'its number was there before',
  foreign: 'it continues another log than the one before it',
  rewritten: 'it is another event than at the time of the checkpoint',
  truncated: 'it was there at the time of the checkpoint, and was removed',
};

const HINT = 'hint: keep a copy of registry.db as it is, and find out who could write to it';

function verdictText(verdict: EventsVerdict): string {
  if (verdict.kind === 'intact') {
    const { checkpoint } = verdict;
    return [
      `The log is what was written: ${counted(checkpoint.count, 'event', 'events')}`,
      `checkpoint, to be kept elsewhere: ${formatCheckpoint(checkpoint)}`,
    ].join('\n');
  }
  if (verdict.kind === 'unchained')
    return 'The log was written by an earlier release, without hashes; the next command that changes this CA adds them';
  if (verdict.kind === 'untold')
    return `The log was cut: no event tells of the certificate ${verdict.serial}, which is on record\n${HINT}`;
  return `The log was changed by other means than docker-mtls, from event ${verdict.sequence} on: ${FAULTS[verdict.fault]}\n${HINT}`;
}
