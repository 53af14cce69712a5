import type { OptionSpec } from './command.ts';
import { UsageError } from './usage-error.ts';

type Options = Readonly<Record<string, OptionSpec>>;

/** Keys that yargs sets itself. */
const BUILT_IN = ['_', '$0', 'help', 'h', 'version'];

/** Refuses what is no option of the command. A value is never repeated: it may be a passphrase. */
export function refuseUnknownOptions(words: object, options: Options, hint: string): void {
  const aliases = Object.values(options).flatMap(({ alias }) => alias ?? []);
  const known = new Set([...BUILT_IN, ...Object.keys(options), ...aliases]);
  const unknown = Object.keys(words).find((word) => !known.has(word));
  if (unknown === undefined) return;
  const dashes = unknown.length === 1 ? '-' : '--';
  throw new UsageError(`there is no option ${dashes}${unknown.slice(0, 80)} here`, hint);
}

/**
 * Refuses values of options that take none: yargs would read `--dry-run=yes` as no, and the passphrase behind
 * `--passphrase` as a name. The value is not repeated.
 */
export function refuseFlagValues(argv: readonly string[], options: Options, hint: string): void {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  for (const [index, word] of words.entries()) {
    const [, name = '', value] = /^--(?:no-)?([^=]+)(=.*)?$/s.exec(word) ?? [];
    if (!Object.hasOwn(options, name) || options[name]?.type !== 'boolean') continue;
    if (value !== undefined) throw new UsageError(`--${name} takes no value`, hint);
    if (word === '--passphrase' && isPlain(words[index + 1])) throw passphraseInArgv();
  }
}

function isPlain(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

function passphraseInArgv(): UsageError {
  return new UsageError(
    '--passphrase takes no value: it asks on the terminal',
    'use --passphrase-file FILE for a passphrase that is not typed, and leave --passphrase out or put it last',
  );
}
