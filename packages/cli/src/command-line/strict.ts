import type { OptionSpec } from './command.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

type Options = Readonly<Record<string, OptionSpec>>;

const HELP: OptionSpec = { type: 'boolean', describe: '' };

/**
 * Refuses what yargs would misread: options that the command does not have (one called `constructor` makes it stumble
 * over its own tables), and values of options that take none (`--dry-run=yes` would mean no, and a passphrase behind
 * `--passphrase` a name). A value is never repeated: it may be a secret.
 */
export function checkOptionWords(argv: readonly string[], options: Options, hint: string): void {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  for (const [index, word] of words.entries()) {
    if (isNumber(word) && takesValue(words[index - 1], options)) continue;
    const [, long, value, name = long, rest = ''] = OPTION.exec(word) ?? [];
    if (name === undefined) continue;
    const option = findOption(options, name);
    if (option === undefined) throw unknownOption(name, options, hint);
    if (option.type === 'boolean' && (value !== undefined || rest.startsWith('=')))
      throw new UsageError(`${name} takes no value`, hint);
    if (/^[^=]/.test(rest)) throw new UsageError(`${name} and what follows it are two words`, hint);
    if (word === '--passphrase' && isPlain(words[index + 1])) throw passphraseInArgv();
  }
}

// `-` alone is a word.
const OPTION = /^(?:(--[^=]*)(?:=(.*))?|(-[^-])(.*))$/s;

/** `-1`: a value that is wrong where an option takes one, and an option that there is not elsewhere. */
export function isNumber(word: string): boolean {
  return /^-\d/.test(word);
}

/** Is the word an option whose value is the next one? */
export function takesValue(word: string | undefined, options: Options): boolean {
  const name = word?.startsWith('--') ? word.slice(2) : '';
  return Object.hasOwn(options, name) && options[name]?.type === 'string';
}

function findOption(options: Options, name: string): OptionSpec | undefined {
  if (name === '--help' || name === '-h') return HELP;
  if (!name.startsWith('--')) return Object.values(options).find(({ alias }) => alias === name.slice(1));
  const long = name.slice(2);
  if (Object.hasOwn(options, long)) return options[long];
  const positive = long.replace(/^no-/, '');
  const negated = Object.hasOwn(options, positive) ? options[positive] : undefined;
  return negated?.type === 'boolean' ? negated : undefined;
}

function unknownOption(name: string, options: Options, hint: string): UsageError {
  const near = nearest(
    name,
    Object.keys(options).map((option) => `--${option}`),
  );
  const out = near === undefined ? hint : `perhaps ${near}; ${hint}`;
  return new UsageError(`there is no option ${name.slice(0, 80)} here`, out);
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
