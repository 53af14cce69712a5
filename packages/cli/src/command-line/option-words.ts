import type { OptionSpec, OptionSpecs } from './command.ts';
import { UsageError } from './usage-error.ts';

/** What comes after `--` belongs to another program, or is a name. */
export function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** The name of the option that a word stands for, with dashes and without a value: `--out=x` is `--out`. */
export function dashedName(word: string): string {
  return word.replace(/=.*$/s, '');
}

/** The option that a word stands for, and its name without dashes. */
export function optionOf(
  word: string,
  options: OptionSpecs,
): readonly [name: string, OptionSpec] | undefined {
  const name = dashedName(word);
  return Object.entries(options).find(([long, { alias }]) => name === `--${long}` || name === `-${alias}`);
}

/** The first option among the words that the command does not have. */
export function strangeOption(words: readonly string[], options: OptionSpecs): string | undefined {
  const known: OptionSpecs = { ...options, help: { type: 'boolean', alias: 'h', describe: '' } };
  return words.find((word, index) => {
    const isNumber = /^-\d/.test(word) && optionOf(words[index - 1] ?? '', options)?.[1].type === 'string';
    return /^-./s.test(word) && !isNumber && optionOf(word, known) === undefined;
  });
}

/** yargs takes the last value of an option that was given twice, which one of the two did not mean. */
export function refuseRepeats(words: readonly string[], options: OptionSpecs): void {
  const named = words.flatMap((word) => optionOf(word, options)?.[0] ?? []);
  for (const name of named) {
    const count = named.filter((each) => each === name).length;
    if (count > 1 && options[name]?.repeatable !== true)
      throw new UsageError(`--${name} was given ${count} times`, `give --${name} once`);
  }
}

/** A passphrase that was typed after `--passphrase` would become a name, and be printed. */
export function refuseTypedPassphrase(words: readonly string[]): void {
  const next = words[words.indexOf('--passphrase') + 1];
  if (!words.includes('--passphrase') || next === undefined || next.startsWith('-')) return;
  throw new UsageError(
    '--passphrase takes no value: it asks on the terminal',
    'use --passphrase-file FILE for a passphrase that is not typed, or put --passphrase last',
  );
}
