import path from 'node:path';
import { issueLists } from '@docker-mtls/authority/revocation';
import { parseLifetime, readCrls } from '@docker-mtls/ca';
import { PUBLIC_FILE, readFile, replaceFile } from '@docker-mtls/files';
import { deliverLists, refuseOtherThanList } from '@docker-mtls/secure/lists';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { LARGEST_LIST, refuseCaPlace } from '@docker-mtls/ca-directory';
import { listJson, listText } from './list-report.ts';
import { parsePushTarget } from './push-target.ts';
import { withPushed } from './with-pushed.ts';

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
  if (copy !== undefined) {
    refuseCaPlace(copy);
    refuseOtherThanList(copy, 'name another file with -o');
  }
  const targets = args.list('push').map((text) => parsePushTarget(text, io));
  if (targets.length > 0 && output === '-')
    throw new UsageError('-o - leaves no room for what --push reports', 'omit one of them');
  return withCliSession(args, io, async (session) => {
    const [list, ...others] = await issueLists(session, lifetime);
    if (list === undefined) throw new Error('a CA that signs has a list');
    const file = path.join(session.reader.directory, 'crl.pem');
    const report: Report = {
      json: { file, ...listJson(list), ...(others.length > 0 && { others: others.map(listJson) }) },
      text: [list, ...others].map((each) => `Wrote ${listText(file, each)}\n`).join(''),
    };
    const all = withPushed(
      report,
      await deliverLists({ directory: session.reader.directory, targets }, io.env),
    );
    if (output === undefined) return all;
    const bytes = args.flag('der') === true ? derOf(file, list.issuer) : readFile(file, LARGEST_LIST);
    if (copy === undefined) return { ...all, bytes };
    replaceFile(copy, bytes, PUBLIC_FILE);
    return { ...all, json: { ...all.json, output: copy }, text: `${all.text}and a copy to ${copy}\n` };
  });
}

/** DER has room for one list: that of the CA that signs. */
function derOf(file: string, issuer: string): Buffer {
  const lists = readCrls(readFile(file, LARGEST_LIST));
  const list = lists.find(({ authorityKeyId }) => authorityKeyId === issuer);
  if (list === undefined) throw new Error('a list that was just published is not there');
  return list.der;
}
