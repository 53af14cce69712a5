import { COMMANDS } from '../commands/index.ts';
import { findCommand } from './command.ts';
import type { CommandPath } from './command.ts';
import { commandsBelow, explainFailure, lateCommand, unknownCommand } from './explain.ts';
import { commandHelp } from './help.ts';
import { ownWords } from './option-words.ts';
import { declareCommand, newParser } from './parser.ts';
import { readWords } from './read-words.ts';
import type { Words } from './read-words.ts';
import { versionText } from './version.ts';

/** What a command line asks for: a command with its words, or text to print (help, version). */
export type Parsed =
  | { readonly kind: 'command'; readonly path: CommandPath; readonly words: Words }
  | { readonly kind: 'text'; readonly text: string };

/** Parses a command line. Throws `UsageError`, which says what is wrong and names the help that explains it. */
export async function parseCommandLine(argv: readonly string[]): Promise<Parsed> {
  const own = ownWords(argv);
  const [first, ...others] = own;
  if (first === undefined) return { kind: 'text', text: await commandHelp([]) };
  if (first === 'help') return { kind: 'text', text: await commandHelp(namedCommand(others)) };
  const path = findCommand(COMMANDS, own);
  if (own.includes('--help') || own.includes('-h')) return { kind: 'text', text: await commandHelp(path) };
  if (path.length > 0) return parseCommand(argv, own);
  if (!first.startsWith('-')) throw unknownCommand(first, []);
  if (own.includes('--version') || own.includes('-V')) return { kind: 'text', text: versionText() };
  throw lateCommand(own);
}

/** The command that the words after `help` name. */
function namedCommand(words: readonly string[]): CommandPath {
  const path = findCommand(COMMANDS, words);
  const next = words[path.length];
  if (next !== undefined && !next.startsWith('-') && commandsBelow(path).length > 0)
    throw unknownCommand(next, path);
  return path;
}

function parseCommand(argv: readonly string[], own: readonly string[]): Parsed {
  let path: CommandPath = [];
  let words: Words | undefined;
  const parser = newParser('docker-mtls')
    .strictCommands()
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError' ? explainFailure(message, path, own) : error;
    });
  // To declare all of them takes 10 ms: see what scripts/bench says of env.
  for (const spec of COMMANDS.filter(({ name }) => name === own[0]))
    declareCommand(parser, [], spec, {
      enter: (entered) => {
        path = entered;
      },
      run: (_, typed) => {
        words = readWords(path, typed, own);
      },
    });
  parser.parse([...argv]);
  if (words === undefined) throw new Error('yargs found no command, and nothing wrong');
  return { kind: 'command', path, words };
}
