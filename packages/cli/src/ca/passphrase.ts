import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { readPassphraseFile } from './passphrase-file.ts';

const LONGEST = 1024;
// CRLF, and the byte order mark that some editors write.
const LINE_END_AND_MARK = 2 + 3;

/**
 * The passphrase of an existing CA key: from the file that was named, else asked on the terminal.
 * `PASSPHRASE_NEEDED` where there is neither.
 */
export async function passphraseToUnlock(args: Args, io: Io): Promise<string> {
  const fromFile = await passphraseFromFile(args, io);
  if (fromFile !== undefined) return fromFile;
  if (io.askSecret !== undefined)
    return checked(await io.askSecret('Passphrase of the CA key: '), 'the passphrase');
  throw new MtlsError(
    'PASSPHRASE_NEEDED',
    'the CA key is encrypted, and there is no terminal to ask for its passphrase',
    {
      hint: 'use --passphrase-file FILE, or set DOCKER_MTLS_PASSPHRASE_FILE',
    },
  );
}

/**
 * The passphrase for a new CA key, or `undefined` for a key that is not encrypted: from the file that was named;
 * else asked twice on a terminal (an empty answer means none), unless `--no-passphrase` says not to.
 */
export async function passphraseForNewKey(args: Args, io: Io): Promise<string | undefined> {
  const fromFile = await passphraseFromFile(args, io);
  const wanted = args.flag('passphrase');
  if (fromFile !== undefined || wanted === false) return fromFile;
  if (io.askSecret !== undefined) return askForNewKey(io.askSecret);
  if (wanted === undefined) return undefined;
  throw new MtlsError('PASSPHRASE_NEEDED', '--passphrase asks on a terminal, and there is none', {
    hint: 'use --passphrase-file FILE',
  });
}

/** The passphrase that the CA key is to have from now on: from the file, else asked twice. `PASSPHRASE_NEEDED`. */
export async function newPassphrase(args: Args, io: Io): Promise<string> {
  const named = args.text('new-passphrase-file');
  if (named !== undefined) return readPassphrase(named, io);
  const ask = io.askSecret;
  if (ask !== undefined) return confirmed(ask, await ask('New passphrase of the CA key: '));
  throw new MtlsError('PASSPHRASE_NEEDED', 'there is no terminal to ask for the new passphrase', {
    hint: 'use --new-passphrase-file FILE, or --no-passphrase',
  });
}

type Ask = (question: string) => Promise<string>;

async function askForNewKey(ask: Ask): Promise<string | undefined> {
  const first = await ask('Passphrase for the new CA key (empty for none): ');
  return first === '' ? undefined : confirmed(ask, first);
}

async function confirmed(ask: Ask, first: string): Promise<string> {
  if ((await ask('The same again: ')) === first) return checked(first, 'the passphrase');
  throw new MtlsError('PASSPHRASE_MISMATCH', 'the two passphrases are not the same', {
    hint: 'run the command again',
  });
}

/** From the file that was named, and nobody is asked. */
export async function passphraseFromFile(args: Args, io: Io): Promise<string | undefined> {
  const named = args.text('passphrase-file') ?? io.env['DOCKER_MTLS_PASSPHRASE_FILE'];
  return named === undefined || named === '' ? undefined : readPassphrase(named, io);
}

async function readPassphrase(named: string, io: Io): Promise<string> {
  const source = named === '-' ? 'stdin' : path.resolve(io.cwd, named);
  const text = decode(readPassphraseFile(named, LONGEST + LINE_END_AND_MARK, io), source);
  return checked(text.replace(/\r?\n$/, ''), source);
}

/** The passphrase that a new archive is to be locked with: from the file, else asked twice. `PASSPHRASE_NEEDED`. */
export async function passphraseForArchive(
  archive: 'bundle' | 'backup',
  args: Args,
  io: Io,
): Promise<string> {
  const named = args.text('bundle-passphrase-file');
  if (named !== undefined) return readPassphrase(named, io);
  const ask = io.askSecret;
  if (ask === undefined) throw archivePassphraseNeeded(archive, '--bundle-passphrase-file FILE');
  return confirmed(ask, await ask(`Passphrase for the ${archive}: `));
}

/** The passphrase that somebody locked a bundle with: from the file, else asked. `PASSPHRASE_NEEDED`. */
export async function passphraseOfBundle(args: Args, io: Io): Promise<string> {
  const named = args.text('passphrase-file');
  if (named !== undefined) return readPassphrase(named, io);
  if (io.askSecret === undefined) throw archivePassphraseNeeded('bundle', '--passphrase-file FILE');
  return checked(await io.askSecret('Passphrase of the bundle: '), 'the passphrase');
}

/** As `passphraseOfBundle`, where `--passphrase-file` is of the CA key. `PASSPHRASE_NEEDED`. */
export async function passphraseOfArchive(args: Args, io: Io): Promise<string> {
  const named = args.text('bundle-passphrase-file');
  if (named !== undefined) return readPassphrase(named, io);
  if (io.askSecret === undefined) throw archivePassphraseNeeded('backup', '--bundle-passphrase-file FILE');
  return checked(await io.askSecret('Passphrase of the backup: '), 'the passphrase');
}

function archivePassphraseNeeded(archive: string, option: string): MtlsError {
  return new MtlsError(
    'PASSPHRASE_NEEDED',
    `there is no terminal to ask for the passphrase of the ${archive}`,
    {
      hint: `use ${option}`,
    },
  );
}

function decode(bytes: Buffer, file: string): string {
  try {
    // Without the byte order mark, which nobody has typed.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MtlsError('PASSPHRASE_INVALID', `${file} is not UTF-8 text`, {
      hint: 'put the passphrase on its only line',
    });
  }
}

/** One line of text: what else a file holds is more likely a mistake than a passphrase. */
function checked(passphrase: string, source: string): string {
  const problem = problemOf(passphrase);
  if (problem === undefined) return passphrase;
  throw new MtlsError('PASSPHRASE_INVALID', `${source} ${problem}`, {
    hint: `a passphrase is one line of 1 to ${LONGEST} bytes`,
  });
}

function problemOf(passphrase: string): string | undefined {
  if (passphrase === '') return 'is empty';
  if (/[\0\r\n]/.test(passphrase)) return 'holds more than one line';
  return Buffer.byteLength(passphrase) > LONGEST ? `is longer than ${LONGEST} bytes` : undefined;
}
