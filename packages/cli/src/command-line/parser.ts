import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import type { CommandPath, CommandSpec, OptionSpec } from './command.ts';

const HELP_WIDTH = 100;

// Words stay as they were typed: `1e3` is a name, and so is `a.b`.
const PARSING = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': false,
};

// What yargs says, in our words.
const STRINGS = {
  'Argument unexpected for: %s': '--%s takes no value',
  'Argument: %s, Given: %s, Choices: %s': '--%s cannot be %s: the choices are %s',
  'Arguments %s and %s are mutually exclusive': '--%s and --%s exclude each other',
  'Not enough arguments following: %s': '--%s needs a value',
};

/** A parser that neither prints nor ends the process, and knows nothing but the words that it is given. */
export function newParser(name: string): Argv {
  // With a folder of its own: yargs would ask for the current one, which may be gone.
  const parser = yargs([], '/').scriptName(name).parserConfiguration(PARSING).locale('en');
  return (
    parser
      .updateStrings(STRINGS)
      .exitProcess(false)
      .wrap(HELP_WIDTH)
      // Its own help takes any last word `help` for the option, even where it is a name.
      .help(false)
      .version(false)
      .option('help', { type: 'boolean', alias: 'h', nargs: 0, describe: 'Show this help' })
  );
}

/** What was typed for a command, by yargs' names: options by theirs, `_` for plain words, `--` for those after it. */
export type Typed = Readonly<Record<string, unknown>>;

export type Listener = {
  /** The words of this command are looked at from here on. */
  readonly enter: (path: CommandPath) => void;
  readonly run: (path: CommandPath, typed: Typed) => void;
};

/** Declares a command, and those below it once it was named. */
export function declareCommand(
  parser: Argv,
  above: CommandPath,
  spec: CommandSpec,
  listener: Listener,
): Argv {
  const path = [...above, spec];
  const declareBelow = (inner: Argv): Argv => {
    listener.enter(path);
    for (const below of spec.commands ?? []) declareCommand(inner, path, below, listener);
    return hideOptions(declareOptions(inner, spec), spec);
  };
  // `false`: out of the help, as the options are.
  return parser.command(spec.name, false, declareBelow, (typed) => listener.run(path, typed));
}

/** yargs lays out the help of each command that it runs, and nobody reads it here: `commandHelp` has a parser of its own. */
function hideOptions(parser: Argv, { options }: CommandSpec): Argv {
  for (const name of ['help', ...Object.keys(options)]) parser.hide(name);
  return parser;
}

/** Declares the options of a command; all others are refused. */
export function declareOptions(parser: Argv, { options, commands = [], load }: CommandSpec): Argv {
  for (const [name, option] of Object.entries(options)) parser.option(name, yargsOption(option));
  return parser
    .strictOptions()
    .strictCommands(commands.length > 0)
    .demandCommand(load === undefined ? 1 : 0, NO_COMMAND);
}

export const NO_COMMAND = 'a command is missing';

function yargsOption({ type, describe, alias, choices, group, conflicts }: OptionSpec): Options {
  return {
    type,
    describe,
    // Not for the commands below this one.
    global: false,
    // yargs would take a word `true` after a flag for its value.
    nargs: type === 'boolean' ? 0 : 1,
    ...(alias !== undefined && { alias }),
    ...(choices !== undefined && { choices }),
    ...(group !== undefined && { group: `${group}:` }),
    ...(conflicts !== undefined && { conflicts }),
  };
}
