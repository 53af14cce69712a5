import { quote } from '@docker-mtls/errors';
import { commandLineOf } from './command.ts';
import type { CommandPath, CommandSpec } from './command.ts';
import { COMMANDS, OTHER_WORDS } from '../commands/index.ts';
import { nearest } from './nearest.ts';
import { dashedName, strangeOption } from './option-words.ts';
import { NO_COMMAND } from './parser.ts';
import { UsageError } from './usage-error.ts';

const LONGEST_NAME = 80;

/** What yargs found wrong, in words that name the word and what was probably meant. */
export function explainFailure(message: string, path: CommandPath, words: readonly string[]): UsageError {
  const strange = strangeOption(words, path.at(-1)?.options ?? {});
  if (message.startsWith('Unknown argument') && strange !== undefined) return unknownOption(strange, path);
  if (message.startsWith('Unknown command')) return unknownCommand(words[path.length] ?? '', path);
  if (message === NO_COMMAND) return missingCommand(path);
  const own = message.replace(/^Invalid values:\n/, '').trim();
  return new UsageError(own.replaceAll(/\n\s*/g, '; ').replace(/^--(.) /, '-$1 '), helpLine(path));
}

export function helpLine(path: CommandPath): string {
  return `${commandLineOf(path)} --help`;
}

/** Its value is never repeated: it may be a secret. */
export function unknownOption(word: string, path: CommandPath): UsageError {
  const name = dashedName(word);
  const { options = {}, commands = [] } = path.at(-1) ?? {};
  const glued = Object.values(options).find(({ alias }) => name.slice(0, 2) === `-${alias}`);
  if (glued !== undefined)
    return new UsageError(`-${glued.alias} and its value are two words`, helpLine(path));
  const bare = name.replace(/^-+/, '');
  const below = commands.find((command) => command.name === bare);
  const option = nearest(bare, Object.keys(options));
  const meant = below === undefined ? option && `--${option}` : commandLineOf([...path, below]);
  return new UsageError(
    `there is no option ${name.slice(0, LONGEST_NAME)} here`,
    meant === undefined ? helpLine(path) : `perhaps ${meant}; ${helpLine(path)}`,
  );
}

/** A word that names none of the commands below a path. */
export function unknownCommand(word: string, path: CommandPath): UsageError {
  const names = commandsBelow(path).map(({ name }) => name);
  const known = path.length === 0 && Object.hasOwn(OTHER_WORDS, word) ? OTHER_WORDS[word] : undefined;
  const meant = known ?? nearest(word, names);
  const perhaps = meant === undefined ? '' : `perhaps ${commandLineOf(path)} ${meant}; `;
  return new UsageError(
    `there is no command ${quote([...path.map(({ name }) => name), word].join(' '))}`,
    `${perhaps}${helpLine(path)} shows all commands`,
  );
}

/** The commands directly below a path: all there are for the empty one. */
export function commandsBelow(path: CommandPath): readonly CommandSpec[] {
  return path.length === 0 ? COMMANDS : (path.at(-1)?.commands ?? []);
}

function missingCommand(path: CommandPath): UsageError {
  const names = commandsBelow(path).map(({ name }) => name);
  return new UsageError(NO_COMMAND, `${commandLineOf(path)} ${names.join('|')}; ${helpLine(path)}`);
}

/** Options before the command: it is unclear which words are values. */
export function lateCommand(words: readonly string[]): UsageError {
  const late = words.find((word) => COMMANDS.some(({ name }) => name === word));
  return late === undefined
    ? new UsageError(NO_COMMAND, helpLine([]))
    : new UsageError(`the command comes first: docker-mtls ${late} [OPTIONS]`, helpLine([]));
}
