import fs from 'node:fs';
import path from 'node:path';
import type { Hook } from '@docker-mtls/authority/renewal';
import { isEncryptedKey, readKeyPair } from '@docker-mtls/ca';
import { readStore } from '@docker-mtls/ca-directory';
import { PLUGIN_PLACES } from '@docker-mtls/engine/authorization';
import { accountOf } from '@docker-mtls/engine/timer';
import type { RenewalService } from '@docker-mtls/engine/timer';
import { hasCode, MtlsError } from '@docker-mtls/errors';
import { requireSafeFile, requireSafeFolders } from '@docker-mtls/files';
import { SecureError } from '../error.ts';

/** What a timer of this machine is to renew, and how. */
export type TimerOrder = {
  /** The CA directory: the timer runs as its owner. */
  readonly directory: string;
  /** The words that start this program, and all files that it is made of. */
  readonly program: RenewalService['program'];
  readonly programFiles: readonly string[];
  /** Of `renew`. */
  readonly options: readonly string[];
  readonly hook: Hook | undefined;
  readonly appliesToEngine: boolean;
  /** Where the passphrase of an encrypted CA key is stored, and what that is now. */
  readonly passphraseFile: string | undefined;
  readonly unlock: () => Promise<string>;
};

/**
 * Refuses what could renew nothing unattended, and what others than root could change: the program least of all. Codes:
 * `FILE_UNSAFE`, `TIMER_NEEDS_PASSPHRASE`, `TIMER_NEEDS_ROOT`.
 */
export async function planRenewalTimer(order: TimerOrder): Promise<RenewalService> {
  const { directory, program, options, hook, appliesToEngine } = order;
  const keyPem = await caKeyOf(directory);
  const owner = accountOf(fs.statSync(directory).uid);
  const passphrase = isEncryptedKey(keyPem) ? await passphraseOf(keyPem, order) : undefined;
  // Root's timer runs whatever this program is then.
  for (const file of order.programFiles) requireProgramOfRoot(file);
  if (appliesToEngine && owner.uid !== 0) throw needsRoot(directory, owner.name);
  if (hook !== undefined && owner.uid === 0)
    requireSafeFile(hook.program, 'a hook that root runs', { rootAlone: true });
  return {
    program,
    options,
    caDirectory: directory,
    user: owner.name,
    writes: [
      ...(owner.home === undefined ? [] : [path.join(owner.home, '.docker')]),
      // The list that the plugin of this machine's engine goes by.
      PLUGIN_PLACES.settings,
    ],
    hook: hook === undefined ? [] : [hook.program, ...hook.args],
    appliesToEngine,
    passphrase,
  };
}

async function caKeyOf(directory: string): Promise<string> {
  const reader = await readStore(directory);
  try {
    return (await reader.authority()).keyPem;
  } finally {
    await reader.close();
  }
}

/** As `systemd-creds encrypt` and systemd itself name such files and folders. */
const ENCRYPTED = /\/credstore\.encrypted\/|\.cred$/;

async function passphraseOf(
  keyPem: string,
  { directory, passphraseFile: file, unlock }: TimerOrder,
): Promise<RenewalService['passphrase']> {
  if (file === undefined) throw needsPassphrase(directory);
  requireSafeFile(file, 'a passphrase', { rootAlone: true });
  const isEncrypted = ENCRYPTED.test(file);
  // A wrong one is told now, and not by a timer at night.
  if (!isEncrypted) readKeyPair(keyPem, await unlock());
  return { file, isEncrypted };
}

function requireProgramOfRoot(file: string): void {
  try {
    requireSafeFolders(file, 'a program that a timer runs', { rootAlone: true });
  } catch (error) {
    if (!hasCode(error, 'FILE_UNSAFE')) throw error;
    throw new MtlsError('FILE_UNSAFE', error.message, {
      hint: 'as root, install the executable (install -m 755 docker-mtls /usr/local/bin/) or the Debian package, and run that one: only root can change it',
      cause: error,
    });
  }
}

function needsRoot(directory: string, owner: string): SecureError {
  return new SecureError(
    'TIMER_NEEDS_ROOT',
    `the timer runs as ${owner}, who owns ${directory}, and only root can restart the engine`,
    { hint: 'omit --apply, or keep the CA in a directory of root' },
  );
}

function needsPassphrase(directory: string): SecureError {
  return new SecureError(
    'TIMER_NEEDS_PASSPHRASE',
    `the CA key in ${directory} is encrypted: without its passphrase nothing can be renewed unattended`,
    {
      hint: 'store it with: mkdir -p -m 700 /etc/credstore.encrypted && systemd-creds encrypt --name=docker-mtls - /etc/credstore.encrypted/docker-mtls, then add --passphrase-file /etc/credstore.encrypted/docker-mtls',
    },
  );
}
