import path from 'node:path';
import { issueLists } from '@docker-mtls/authority';
import { parseLifetime, readCrls } from '@docker-mtls/ca';
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
    const [list, ...others] = await issueLists(session, lifetime);
    if (list === undefined) throw new Error('a CA that signs has a list');
    const file = path.join(session.reader.directory, 'crl.pem');
    const report: Report = {
      json: { file, ...listJson(list), ...(others.length > 0 && { others: others.map(listJson) }) },
      text: [list, ...others].map((each) => `Wrote ${listText(file, each)}\n`).join(''),
    };
    if (output === undefined) return report;
    const bytes = args.flag('der') === true ? derOf(file, list.issuer) : readFile(file, LARGEST_LIST);
    if (copy === undefined) return { ...report, bytes };
    replaceFile(copy, bytes, PUBLIC_FILE);
    return {
      json: { ...report.json, output: copy },
      text: `${report.text}and a copy to ${copy}\n`,
    };
  });
}

/** DER has room for one list: that of the CA that signs. */
function derOf(file: string, issuer: string): Buffer {
  const lists = readCrls(readFile(file, LARGEST_LIST));
  const list = lists.find(({ authorityKeyId }) => authorityKeyId === issuer);
  if (list === undefined) throw new Error('a list that was just published is not there');
  return list.der;
}

/** A file that is not a revocation list was not written by this command. Code: `OUT_EXISTS`. */
function refuseOther(file: string): void {
  const bytes = readFileIfExists(file, LARGEST_LIST);
  if (bytes === undefined) return;
  try {
    readCrls(bytes);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    throw new MtlsError('OUT_EXISTS', `${file} exists, and is not a revocation list`, {
      hint: 'name another file with -o',
    });
  }
}
