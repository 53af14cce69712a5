import { quote } from '@docker-mtls/errors';
import type { CommandPath, PositionalSpec } from './command.ts';
import { helpLine, unknownOption } from './explain.ts';
import { refuseRepeats, refuseTypedPassphrase } from './option-words.ts';
import type { Typed } from './parser.ts';
import { UsageError } from './usage-error.ts';

/** The words of a command line by the names of the options and positionals that they belong to. */
export type Words = Readonly<Record<string, unknown>>;

/** Gives every word that yargs found to its option or positional. `own` are the words before `--`. */
export function readWords(path: CommandPath, typed: Typed, own: readonly string[]): Words {
  const { options, positionals, rest } = path.at(-1) ?? { options: {}, positionals: [] };
  refuseTypedPassphrase(own);
  refuseRepeats(own, options);
  const plain = wordsIn(typed['_']).slice(path.length);
  const strange = plain.find((word) => /^-./s.test(word));
  if (strange !== undefined) throw unknownOption(strange, path);
  const behind = wordsIn(typed['--']);
  return {
    ...optionWords(typed, Object.keys(options)),
    ...positionalWords(positionals, rest === undefined ? [...plain, ...behind] : plain, path),
    ...(rest !== undefined && { '--': behind }),
  };
}

function wordsIn(value: unknown): readonly string[] {
  return [value ?? []].flat().map(String);
}

/** `--no-x` says no to `x`. */
function optionWords(typed: Typed, names: readonly string[]): Words {
  const given = names.filter((name) => name in typed);
  const entries = given.map((name) =>
    name.startsWith('no-') ? [name.slice('no-'.length), false] : [name, typed[name]],
  );
  return Object.fromEntries(entries) as Words;
}

/** Gives each positional its word. A word too many is a mistake, not something to ignore. */
function positionalWords(
  positionals: readonly PositionalSpec[],
  words: readonly string[],
  path: CommandPath,
): Words {
  const last = positionals.at(-1);
  if (last?.repeatable === true) {
    const [own, others] = [positionals.length - 1, words.slice(positionals.length - 1)];
    const many = others.map((word) => checked(last, word, path));
    return { ...positionalWords(positionals.slice(0, -1), words.slice(0, own), path), [last.name]: many };
  }
  const surplus = words[positionals.length];
  if (surplus !== undefined) throw surplusWord(surplus, path);
  return Object.fromEntries(
    positionals.map((positional, index) => [positional.name, checked(positional, words[index], path)]),
  );
}

function surplusWord(word: string, path: CommandPath): UsageError {
  const rest = path.at(-1)?.rest;
  const hint = rest === undefined ? '' : `put ${rest.name.toUpperCase()} after --; `;
  return new UsageError(`one word too many: ${quote(word)}`, hint + helpLine(path));
}

function checked(
  { name, required, choices }: PositionalSpec,
  word: string | undefined,
  path: CommandPath,
): string | undefined {
  const shown = name.toUpperCase();
  if (word === undefined && required) throw new UsageError(`${shown} is missing`, helpLine(path));
  if (word === '') throw new UsageError(`${shown} is empty`, helpLine(path));
  if (word === undefined || choices === undefined || choices.includes(word)) return word;
  throw new UsageError(`${shown} is ${choices.join(' or ')}, not ${quote(word)}`, helpLine(path));
}
