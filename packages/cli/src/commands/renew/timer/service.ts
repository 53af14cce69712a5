import fs from 'node:fs';
import path from 'node:path';
import { minutesOpen } from '@docker-mtls/authority';
import { isEncryptedKey, readKeyPair } from '@docker-mtls/ca';
import { readStore } from '@docker-mtls/ca-directory';
import { PLUGIN_PLACES, TIMER_MINUTES } from '@docker-mtls/engine';
import type { RenewalService } from '@docker-mtls/engine';
import { hasCode, MtlsError, quote } from '@docker-mtls/errors';
import { requireSafeFile, requireSafeFolders } from '@docker-mtls/files';
import { caDirectory } from '../../../ca/ca-directory.ts';
import { passphraseToUnlock } from '../../../ca/passphrase.ts';
import type { Args } from '../../../command-line/args.ts';
import { UsageError } from '../../../command-line/usage-error.ts';
import type { Io } from '../../../io/io.ts';
import { programFiles, programWords } from '../../../io/program-files.ts';
import { hookOf } from '../hook.ts';
import { refuseWithoutApply, windowOf } from '../order.ts';
import { accountOf } from './account.ts';
import { usedHere } from './used-here.ts';

const FLAGS = ['keep-key', 'apply', 'live-restore', 'allow-stop', 'allow-quorum-loss', 'allow-swarm-lock'];
const TEXTS = ['kind', 'window', 'config'];

/**
 * What a timer of this machine is to run, from the command line. Nothing of it may be for others than root to change: the
 * program least of all. Codes: `FILE_UNSAFE`, `TIMER_NEEDS_PASSPHRASE`, `TIMER_NEEDS_ROOT`.
 */
export async function renewalServiceOf(args: Args, io: Io): Promise<RenewalService> {
  const directory = caDirectory(args, io);
  refuseControls(directory);
  const owner = accountOf(await ownerOf(directory));
  const passphrase = await passphraseOf(args, io, directory);
  requireOfRoot(io);
  const appliesToEngine = args.flag('apply') === true;
  if (appliesToEngine && owner.uid !== 0) throw needsRoot(directory, owner.name);
  refuseWithoutApply(args, { apply: appliesToEngine, window: windowOf(args), csr: undefined });
  refuseShortWindow(args);
  if (appliesToEngine) await warnWithoutClient(directory, io);
  return {
    program: programWords(io),
    options: [
      ...FLAGS.filter((name) => args.flag(name) === true).map((name) => `--${name}`),
      ...TEXTS.flatMap((name) => textOf(args, name, io)),
    ],
    caDirectory: directory,
    user: owner.name,
    writes: [
      ...(owner.home === undefined ? [] : [path.join(owner.home, '.docker')]),
      // The list that the plugin of this machine's engine goes by.
      PLUGIN_PLACES.settings,
    ],
    hook: hookWords(args, io, owner.uid),
    appliesToEngine,
    passphrase,
  };
}

function textOf(args: Args, name: string, io: Io): readonly string[] {
  const text = args.text(name);
  if (text === undefined) return [];
  return [`--${name}`, name === 'config' ? path.resolve(io.cwd, text) : text];
}

/** A unit is a text of lines. */
function refuseControls(file: string): void {
  if (/\p{Cc}/u.test(file))
    throw new UsageError(`the path ${quote(file)} has control characters in it`, 'choose another path');
}

async function ownerOf(directory: string): Promise<number> {
  const reader = await readStore(directory);
  await reader.close();
  return fs.statSync(directory).uid;
}

/** The engine is proven with a client's pair after each restart, and the timer renews those that are used here. */
async function warnWithoutClient(directory: string, io: Io): Promise<void> {
  const reader = await readStore(directory);
  try {
    const isUsed = await usedHere({ reader, io });
    const clients = await reader.entries({ kind: 'client' });
    if (clients.some(({ name }) => isUsed({ kind: 'client', name }))) return;
  } finally {
    await reader.close();
  }
  io.note(
    'warning: no client is used on this machine, and the proof after a restart needs one that has not expired: docker-mtls context create NAME --client CLIENT --for HOST makes one that the timer renews',
  );
}

/** Root's timer runs whatever this program is then. */
function requireOfRoot(io: Io): void {
  for (const file of programFiles(io))
    withWayOut(() => requireSafeFolders(file, 'a program that a timer runs', { rootAlone: true }));
}

function withWayOut(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!hasCode(error, 'FILE_UNSAFE')) throw error;
    throw new MtlsError('FILE_UNSAFE', error.message, {
      hint: 'as root, install the executable (install -m 755 docker-mtls /usr/local/bin/) or the Debian package, and run that one: only root can change it',
      cause: error,
    });
  }
}

function hookWords(args: Args, io: Io, uid: number): readonly string[] {
  const hook = hookOf(args, io);
  if (hook === undefined) return [];
  if (uid === 0) requireSafeFile(hook.program, 'a hook that root runs', { rootAlone: true });
  return [hook.program, ...hook.args];
}

function needsRoot(directory: string, owner: string): MtlsError {
  return new MtlsError(
    'TIMER_NEEDS_ROOT',
    `the timer runs as ${owner}, who owns ${directory}, and only root can restart the engine`,
    { hint: 'omit --apply, or keep the CA in a directory of root' },
  );
}

/** The timer has to look at least once while it is open. */
function refuseShortWindow(args: Args): void {
  const window = windowOf(args);
  if (window === undefined || minutesOpen(window) >= TIMER_MINUTES) return;
  throw new UsageError(
    `the window is open for ${minutesOpen(window)} minutes, and the timer looks every ${TIMER_MINUTES}`,
    `choose a window of at least ${TIMER_MINUTES} minutes`,
  );
}

/** As `systemd-creds encrypt` and systemd itself name such files and folders. */
const ENCRYPTED = /\/credstore\.encrypted\/|\.cred$/;

async function passphraseOf(args: Args, io: Io, directory: string): Promise<RenewalService['passphrase']> {
  const named = args.text('passphrase-file') ?? io.env['DOCKER_MTLS_PASSPHRASE_FILE'];
  const keyPem = await caKeyOf(directory);
  if (!isEncryptedKey(keyPem)) return undefined;
  if (named === undefined || named === '-') throw needsPassphrase(directory);
  const file = path.resolve(io.cwd, named);
  refuseControls(file);
  requireSafeFile(file, 'a passphrase', { rootAlone: true });
  const isEncrypted = ENCRYPTED.test(file);
  // A wrong one is told now, and not by a timer at night.
  if (!isEncrypted) readKeyPair(keyPem, await passphraseToUnlock(args, io));
  return { file, isEncrypted };
}

async function caKeyOf(directory: string): Promise<string> {
  const reader = await readStore(directory);
  try {
    return (await reader.authority()).keyPem;
  } finally {
    await reader.close();
  }
}

function needsPassphrase(directory: string): MtlsError {
  return new MtlsError(
    'TIMER_NEEDS_PASSPHRASE',
    `the CA key in ${directory} is encrypted: without its passphrase nothing can be renewed unattended`,
    {
      hint: 'store it with: systemd-creds encrypt --name=docker-mtls - /etc/credstore.encrypted/docker-mtls, then add --passphrase-file /etc/credstore.encrypted/docker-mtls',
    },
  );
}
