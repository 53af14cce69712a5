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

export type OptionSpec = {
  readonly describe: string;
  readonly type: 'string' | 'boolean';
  readonly alias?: string;
  readonly repeatable?: true;
  readonly choices?: readonly string[];
};

export type PositionalSpec = {
  readonly name: string;
  readonly describe: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
};

/**
 * A command as the command line sees it: cheap data, so that `--help` loads nothing else. The code that does
 * the work is loaded when it runs.
 */
export type CommandSpec = {
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly PositionalSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** The words behind `--`, where the command takes any: they are another program's. */
  readonly rest?: { readonly name: string; readonly describe: string };
  /** Lines of the help for what is not done with docker-mtls itself: a command, and what it means. */
  readonly beside?: readonly (readonly [command: string, meaning: string])[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly load: () => Promise<{ readonly run: (args: Args, io: Io) => Promise<Report> }>;
};
