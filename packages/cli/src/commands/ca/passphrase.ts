import { changePassphrase } from '@docker-mtls/authority/change-passphrase';
import type { PassphraseChange } from '@docker-mtls/authority/change-passphrase';
import { newPassphrase, passphraseToUnlock } from '../../ca/passphrase.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** Adds, changes or removes the passphrase of the CA key. */
export function runCaPassphrase(args: Args, io: Io): Promise<Report> {
  const isNone = args.flag('passphrase') === false;
  if (isNone && args.text('new-passphrase-file') !== undefined)
    throw new UsageError('--no-passphrase and --new-passphrase-file exclude each other', 'omit one of them');
  return withCliSession(args, io, async (session) => {
    const change = await changePassphrase(session, {
      unlock: () => passphraseToUnlock(args, io),
      next: () => (isNone ? Promise.resolve(undefined) : newPassphrase(args, io)),
    });
    const { directory } = session.reader;
    return { json: { directory, encrypted: change.encrypted }, text: textOf(change, directory) };
  });
}

function textOf({ was, encrypted }: PassphraseChange, directory: string): string {
  const key = `The CA key in ${directory}`;
  if (encrypted)
    return was ? `${key} has another passphrase\n` : `${key} is now encrypted with a passphrase\n`;
  return was ? `${key} is no longer encrypted: guard the folder\n` : `${key} is not encrypted, as before\n`;
}
