import path from 'node:path';
import { restoreBackup } from '@docker-mtls/authority/backup';
import type { RestoredCa } from '@docker-mtls/authority/backup';
import { LARGEST_BACKUP } from '@docker-mtls/ca-directory';
import { quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { counted, moment } from '@docker-mtls/text';
import { caDirectory } from '../../ca/ca-directory.ts';
import { nextCommand } from '../../ca/next-command.ts';
import { passphraseOfArchive, passphraseToUnlock } from '../../ca/passphrase.ts';
import { openArchive } from '../../client/open-archive.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import { listJson, listText } from '../crl/list-report.ts';

/** Makes a CA directory from a backup, and states what the backup cannot know. */
export async function runCaRestore(args: Args, io: Io): Promise<Report> {
  const directory = caDirectory(args, io);
  const file = path.resolve(io.cwd, args.text('file') ?? '');
  const crl = args.text('crl');
  const lists = crl === undefined ? undefined : readFile(path.resolve(io.cwd, crl), LARGEST_LIST);
  const archive = await openArchive(readFile(file, LARGEST_BACKUP), {
    identity: args.text('identity'),
    passphrase: () => passphraseOfArchive(args, io),
    hint: 'add --identity FILE, the file that age-keygen made',
    cwd: io.cwd,
  });
  const unlock = (): Promise<string> => passphraseToUnlock(args, io);
  const restored = await restoreBackup({ directory, archive, lists, unlock, caller: callerOf(io) });
  return reportOf(restored, directory, nextCommand('docker-mtls ca check', args));
}

function reportOf(
  { made, revoked, adopted, later, lists, isBlind, isAhead }: RestoredCa,
  directory: string,
  next: string,
): Report {
  const crl = path.join(directory, 'crl.pem');
  return {
    json: {
      directory,
      made: made.toISOString(),
      revoked,
      lists: lists.map((list) => ({ file: crl, ...listJson(list) })),
      revocationsUnknownSince: isBlind || isAhead ? made.toISOString() : null,
    },
    text: [
      `Restored the CA to ${directory}, as it was on ${moment(made)}\n`,
      ...lists.map((list) => `${listText(crl, list)}\n`),
      revoked.length === 0
        ? ''
        : `${counted(revoked.length, 'certificate that was revoked since then stays', 'certificates that were revoked since then stay')} revoked: ${revoked.join(', ')}\n`,
      ...adopted.map(adoptedText),
      ...later.map(laterText),
      isBlind ? blindText(made) : '',
      isAhead ? AHEAD : '',
      `Certificates that were issued or renewed after ${moment(made)} are valid, and are not on record here\n`,
      `next: ${next}\nthen hand out crl.pem to the servers that read it\n`,
    ].join(''),
  };
}

/** The list need not be the newest one, and nothing in it tells. */
function adoptedText({ number, thisUpdate, issuer }: RestoredCa['adopted'][number]): string {
  return `Revocations after list number ${number} of ${quote(issuer)} of ${moment(thisUpdate)}, which --crl names, are not known here: where a later one was published, move this directory away and restore once more with that\n`;
}

/** The CA was changed to another key, and the backup has neither that key nor its certificates. */
function laterText(issuer: string): string {
  return `The list of ${quote(issuer)} was not used: the backup has no such CA. Where engines trust it, they go on trusting all that it issued\n`;
}

/** By its own clock, what had ended needs no entry. */
const AHEAD =
  'The list of --crl is of the future, so the clock that it was made by was ahead: it may lack who was revoked before; revoke those clients again\n';

function blindText(made: Date): string {
  return [
    `Revocations after ${moment(made)} are not known here, and are not on the new list:`,
    'revoke those clients again, or move this directory away and restore once more with --crl and the crl.pem that was published last\n',
  ].join(' ');
}
