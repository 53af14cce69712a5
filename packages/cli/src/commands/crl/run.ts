import path from 'node:path';
import { issueList } from '@docker-mtls/authority';
import { parseLifetime, readCrl } from '@docker-mtls/ca';
import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFile, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { LARGEST_LIST } from './largest-list.ts';
import { listJson, listText } from './list-report.ts';

const DEFAULT_DAYS = '30';

/** Makes the next revocation list. */
export function run(args: Args, io: Io): Promise<Report> {
  const output = args.text('output');
  if (args.flag('der') === true && output === undefined)
    throw new UsageError('--der was given without -o', 'name a file with -o; crl.pem itself is always PEM');
  if (output === '-' && args.flag('json') === true)
    throw new UsageError('-o - and --json both want stdout', 'omit one of them');
  const lifetime = parseLifetime({ days: args.text('days') ?? DEFAULT_DAYS });
  const copy = output === undefined || output === '-' ? undefined : path.resolve(io.cwd, output);
  if (copy !== undefined) refuseOther(copy);
  return withCliSession(args, io, async (session) => {
    const list = await issueList(session, lifetime);
    const file = path.join(session.reader.directory, 'crl.pem');
    const report: Report = { json: { file, ...listJson(list) }, text: `Wrote ${listText(file, list)}\n` };
    if (output === undefined) return report;
    const { pem, der } = readCrl(readFile(file, LARGEST_LIST));
    const bytes = args.flag('der') === true ? der : Buffer.from(pem);
    if (copy === undefined) return { ...report, bytes };
    replaceFile(copy, bytes, PUBLIC_FILE);
    return {
      json: { ...report.json, output: copy },
      text: `${report.text}and a copy to ${copy}\n`,
    };
  });
}

/** A file that is not a revocation list was not written by this command. Code: `OUT_EXISTS`. */
function refuseOther(file: string): void {
  const bytes = readFileIfExists(file, LARGEST_LIST);
  if (bytes === undefined) return;
  try {
    readCrl(bytes);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    throw new MtlsError('OUT_EXISTS', `${file} exists, and is not a revocation list`, {
      hint: 'name another file with -o',
    });
  }
}
