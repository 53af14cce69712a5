import type { Args } from './args.ts';
import type { Io } from '../io/io.ts';

/**
 * What a command answers: `json` for programs, `text` for people. Exit code 3 says that a check answered no; `exec`
 * hands on its program's own.
 */
export type Report = {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly exitCode?: number;
  /** The signal that ended a program which ran in our place: we end by the same. */
  readonly signal?: NodeJS.Signals;
  /** Bytes for stdout instead of text, when the caller asked for `-`. */
  readonly bytes?: Uint8Array;
};

/** What a command does. */
export type CommandCode = (args: Args, io: Io) => Promise<Report>;

export type OptionSpec = {
  readonly describe: string;
  readonly type: 'string' | 'boolean';
  readonly alias?: string;
  readonly repeatable?: true;
  readonly choices?: readonly string[];
  /** The heading of the help under which it stands, where that is not "Options". */
  readonly group?: string;
  /** An option that cannot be given together with this one. */
  readonly conflicts?: string;
};

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type PositionalSpec = {
  readonly name: string;
  readonly describe: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  /** The last one takes all words that are left. */
  readonly repeatable?: true;
};

/**
 * A command as data: the parser, the help, the completion scripts and the tests of the pages read it. The code that
 * does the work is loaded when it runs.
 */
export type CommandSpec = {
  readonly name: string;
  readonly summary: string;
  /** At most one is required, and that one is the first. */
  readonly positionals: readonly PositionalSpec[];
  readonly options: OptionSpecs;
  /** The words after `--`, where the command takes any: they are another program's. */
  readonly rest?: { readonly name: string; readonly describe: string };
  /** The commands below this one, such as `context create`. */
  readonly commands?: readonly CommandSpec[];
  /** Lines of the help for what is not done with docker-mtls itself: a command, and what it means. */
  readonly beside?: readonly (readonly [command: string, meaning: string])[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Missing where the command only has commands below it. */
  readonly load?: () => Promise<CommandCode>;
};

/** A command with those that it is below: `context`, `create`. */
export type CommandPath = readonly CommandSpec[];

/** `docker-mtls context create` */
export function commandLineOf(path: CommandPath): string {
  return ['docker-mtls', ...path.map(({ name }) => name)].join(' ');
}

/** Every command that can be run, and those that only have commands below them. */
export function allCommands(
  commands: readonly CommandSpec[],
  above: CommandPath = [],
): readonly CommandPath[] {
  return commands.flatMap((spec) => {
    const path = [...above, spec];
    return [path, ...allCommands(spec.commands ?? [], path)];
  });
}

/** The deepest command that the first words name; what is left are its own words. */
export function findCommand(commands: readonly CommandSpec[], words: readonly string[]): CommandPath {
  const found = commands.find(({ name }) => name === words[0]);
  return found === undefined ? [] : [found, ...findCommand(found.commands ?? [], words.slice(1))];
}
