import { listEntries } from '@docker-mtls/authority/list-entries';
import type { Listed } from '@docker-mtls/authority/list-entries';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Io } from '../../io/io.ts';
import { asCsv, asTable } from './print.ts';
import { selectionOf } from './selection.ts';

const ANSWERED_NO = 3;

/** What was issued, and until when. */
export function run(args: Args, io: Io): Promise<Report> {
  const selection = selectionOf(args);
  if (args.text('format') !== undefined && args.flag('json') === true)
    throw new UsageError('--format and --json were both given', 'omit one of them');
  return withCliSession(args, io, async ({ reader }) => {
    const now = io.now();
    const listed = await listEntries(reader, selection, now);
    const isExpiring = selection.within !== undefined && listed.length > 0;
    return {
      json: { directory: reader.directory, certificates: listed.map(entryJson) },
      text: args.text('format') === 'csv' ? asCsv(listed) : asTable(listed, now),
      ...(isExpiring && { exitCode: ANSWERED_NO }),
    };
  });
}

function entryJson({ entry, state }: Listed): Record<string, unknown> {
  const { kind, name, serial, notBefore, notAfter, issuedAt } = entry;
  const { issuedBy, status, groups, fingerprint, keyType, directory, revokedAt, revocationReason } = entry;
  return {
    kind,
    name,
    serial,
    status,
    state,
    groups,
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
