import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Io } from '../../io/io.ts';
import type { EntryFilter } from '@docker-mtls/registry';
import { asCsv, asTable } from './print.ts';
import { select, selectionOf } from './selection.ts';
import type { Listed, Selection } from './selection.ts';

const ANSWERED_NO = 3;

/** What was issued, and until when. */
export function run(args: Args, io: Io): Promise<Report> {
  const selection = selectionOf(args);
  if (args.text('format') !== undefined && args.flag('json') === true)
    throw new UsageError('--format and --json were both given', 'omit one of them');
  return withCliSession(args, io, async ({ reader }) => {
    const now = io.now();
    const listed = select(await reader.entries(filterOf(selection, now)), selection, now);
    const isExpiring = selection.within !== undefined && listed.length > 0;
    return {
      json: { directory: reader.directory, certificates: listed.map(entryJson) },
      text: args.text('format') === 'csv' ? asCsv(listed) : asTable(listed, now),
      ...(isExpiring && { exitCode: ANSWERED_NO }),
    };
  });
}

/** What the registry finds through its indices; `select` has the last word. */
function filterOf({ all, kind, name, state, within }: Selection, now: Date): EntryFilter {
  return {
    all: all || kind === 'probe' || state !== undefined,
    ...(kind !== undefined && { kind }),
    ...(name !== undefined && { name }),
    ...(within !== undefined && { endingBy: new Date(now.getTime() + within * 1000) }),
  };
}

function entryJson({ entry, state }: Listed): Record<string, unknown> {
  const { kind, name, serial, notBefore, notAfter, issuedAt } = entry;
  const { issuedBy, status, fingerprint, keyType, directory, revokedAt, revocationReason } = entry;
  return {
    kind,
    name,
    serial,
    status,
    state,
    keyType,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    issuedAt: issuedAt.toISOString(),
    issuedBy,
    fingerprint,
    directory,
    ...(revokedAt !== undefined && { revokedAt: revokedAt.toISOString(), revocationReason }),
  };
}
