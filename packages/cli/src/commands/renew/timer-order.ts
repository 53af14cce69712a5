import path from 'node:path';
import { minutesOpen } from '@docker-mtls/authority/renewal';
import { readStore } from '@docker-mtls/ca-directory';
import { usedHere } from '@docker-mtls/context';
import { TIMER_MINUTES } from '@docker-mtls/engine/timer';
import { quote } from '@docker-mtls/errors';
import type { TimerOrder } from '@docker-mtls/secure/renewal';
import { caDirectory } from '../../ca/ca-directory.ts';
import { passphraseToUnlock } from '../../ca/passphrase.ts';
import { dockerFolderIfAny } from '../../client/docker-folder.ts';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { programFiles, programWords } from '../../io/program-files.ts';
import { hookOf } from './hook.ts';
import { refuseWithoutApply, windowOf } from './order.ts';

const FLAGS = ['keep-key', 'apply', 'live-restore', 'allow-stop', 'allow-quorum-loss', 'allow-swarm-lock'];
const TEXTS = ['kind', 'window', 'config'];

/** What a timer is to run, from the command line. */
export function timerOrderOf(args: Args, io: Io): TimerOrder {
  const directory = caDirectory(args, io);
  const passphraseFile = passphraseFileOf(args, io);
  for (const file of [directory, passphraseFile]) refuseControls(file ?? '');
  const appliesToEngine = args.flag('apply') === true;
  refuseWithoutApply(args, { apply: appliesToEngine, window: windowOf(args), csr: undefined });
  refuseShortWindow(args);
  return {
    directory,
    program: programWords(io),
    programFiles: programFiles(io),
    options: [
      ...FLAGS.filter((name) => args.flag(name) === true).map((name) => `--${name}`),
      ...TEXTS.flatMap((name) => textOf(args, name, io)),
    ],
    hook: hookOf(args, io),
    appliesToEngine,
    passphraseFile,
    unlock: () => passphraseToUnlock(args, io),
  };
}

function textOf(args: Args, name: string, io: Io): readonly string[] {
  const text = args.text(name);
  if (text === undefined) return [];
  return [`--${name}`, name === 'config' ? path.resolve(io.cwd, text) : text];
}

/** Nobody types it on stdin at night. */
function passphraseFileOf(args: Args, io: Io): string | undefined {
  const named = args.text('passphrase-file') ?? io.env['DOCKER_MTLS_PASSPHRASE_FILE'];
  return named === undefined || named === '-' ? undefined : path.resolve(io.cwd, named);
}

/** A unit is a text of lines. */
function refuseControls(file: string): void {
  if (/\p{Cc}/u.test(file))
    throw new UsageError(`the path ${quote(file)} has control characters in it`, 'choose another path');
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

/** The engine is proven with a client's pair after each restart, and the timer renews those that are used here. */
export async function warnWithoutClient(directory: string, io: Io): Promise<void> {
  const reader = await readStore(directory);
  try {
    const isUsed = await usedHere(reader, dockerFolderIfAny(io));
    const clients = await reader.entries({ kind: 'client' });
    if (clients.some(({ name }) => isUsed({ kind: 'client', name }))) return;
  } finally {
    await reader.close();
  }
  io.note(
    'warning: no client is used on this machine, and the proof after a restart needs one that has not expired: docker-mtls context create NAME --client CLIENT --for HOST makes one that the timer renews',
  );
}
