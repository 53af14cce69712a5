import type { RecordedEvent } from '@docker-mtls/registry';
import { escapeUnprintable } from '@docker-mtls/errors';
import { moment, table } from '@docker-mtls/text';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

type Event = RecordedEvent;

/** What was done with the CA. */
export function runCaLog(args: Args, io: Io): Promise<Report> {
  const last = countOf(args.text('last'));
  return withCliSession(args, io, async ({ reader }) => {
    const events = await reader.events(last);
    return {
      json: { directory: reader.directory, events },
      text: table([HEAD, ...events.map(cells)]),
    };
  });
}

const HEAD = ['NUMBER', 'TIME', 'BY', 'EVENT', 'SERIAL', ''];

function cells({ id, at, operator, action, serial, detail }: Event): readonly string[] {
  return [`${id}`, moment(new Date(at)), operator, action, serial, detailText(detail)].map(escapeUnprintable);
}

function detailText(detail: unknown): string {
  const entries = Object.entries(typeof detail === 'object' && detail !== null ? detail : {});
  return entries.map(([name, value]) => `${name}=${String(value)}`).join(' ');
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError('--last takes a whole number from 1 on', 'use --last 20');
}
