import { UsageError } from './usage-error.ts';

/** The parsed command line, asked for by name and shape. */
export type Args = {
  readonly text: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
  /** `undefined` when the flag was not given at all. */
  readonly flag: (name: string) => boolean | undefined;
  /** The words behind `--`, untouched: they are another program's, and may be empty. */
  readonly rest: readonly string[];
};

/** Wraps what yargs parsed; an option that takes one value and was given twice is refused, not guessed at. */
export function readArgs(parsed: Readonly<Record<string, unknown>>): Args {
  return {
    text: (name) => singleText(name, parsed[name]),
    list: (name) => [parsed[name] ?? []].flat().map((value) => nonEmpty(name, String(value))),
    flag: (name) => (parsed[name] === undefined ? undefined : Boolean(single(name, parsed[name]))),
    rest: [parsed['--'] ?? []].flat().map(String),
  };
}

function singleText(name: string, value: unknown): string | undefined {
  return value === undefined ? undefined : nonEmpty(name, String(single(name, value)));
}

function single(name: string, value: unknown): unknown {
  if (Array.isArray(value))
    throw new UsageError(`--${name} was given ${value.length} times`, `give --${name} once`);
  return value;
}

function nonEmpty(name: string, value: string): string {
  if (value === '') throw new UsageError(`--${name} is empty`, `give --${name} a value`);
  return value;
}
