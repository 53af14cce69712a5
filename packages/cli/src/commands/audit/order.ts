import path from 'node:path';
import type { Filter } from '@docker-mtls/audit/log';
import { parseDuration, parseSerial } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import { installedLog } from '../../authz/installed.ts';
import type { Args } from '../../command-line/args.ts';
import { parseMoment } from '../../command-line/parse-moment.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** Where the log is that a command line names, or does not. */
export function logOf(args: Args, io: Io): string {
  const named = args.text('log');
  return named === undefined ? installedLog(io) : path.resolve(io.cwd, named);
}

/** Which records the command line asks for. */
export function filterOf(args: Args, now: Date): Filter {
  const from = momentOf('since', args, now);
  const until = momentOf('until', args, now);
  if (from !== undefined && until !== undefined && until <= from)
    throw new UsageError('--until is not later than --since', 'give a later moment');
  return {
    from,
    until,
    cn: args.text('name'),
    serial: serialOf(args),
    operation: args.text('operation'),
    object: args.text('object'),
    verdict: args.text('verdict') as Filter['verdict'],
    role: args.text('role'),
    guard: args.text('guard'),
    id: args.text('id'),
  };
}

/** As records have it, so that text can be compared. */
function momentOf(option: string, args: Args, now: Date): string | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  const time = seconds === undefined ? (parseMoment(text) ?? Number.NaN) : now.getTime() - seconds * 1000;
  const date = new Date(time);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new UsageError(
    `--${option} ${quote(text)} is not a moment`,
    'write 24h, 2026-06-01 or 2026-06-01T12:00:00Z',
  );
}

function serialOf(args: Args): string | undefined {
  const text = args.text('serial');
  const serial = text === undefined ? undefined : parseSerial(text);
  if (text !== undefined && serial === undefined)
    throw new UsageError(`--serial ${quote(text)} is not a serial number`, 'write it in hexadecimal');
  return serial;
}
