import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { hasCode, quote } from '@docker-mtls/errors';
import type { CommandSpec, OptionSpec, PositionalSpec } from './command.ts';
import type * as HelpText from './help-text.ts';
import { COMMANDS } from '../commands/index.ts';
import { nearest } from './nearest.ts';
import { checkOptionWords, isNumber, takesValue } from './strict.ts';
import { UsageError } from './usage-error.ts';

/** The words of a command line by the names of the options and positionals that they belong to. */
export type Words = Readonly<Record<string, unknown>>;

/** What a command line asks for: a command with its words, or text to print (help, version). */
export type Parsed =
  | { readonly kind: 'command'; readonly spec: CommandSpec; readonly words: Words }
  | { readonly kind: 'text'; readonly text: string };

const PROGRAM = 'docker-mtls';

/** Parses a command line. Throws `UsageError`, which says what is wrong and names the help that explains it. */
export async function parseCommandLine(argv: readonly string[]): Promise<Parsed> {
  const spec = COMMANDS.find(({ name }) => name === argv[0]);
  return spec === undefined ? parseProgram(argv) : parseCommand(spec, argv.slice(1));
}

// Only these mean something without a command.
const TEXT_OPTIONS = ['--help', '-h', '--version'];

async function parseProgram(argv: readonly string[]): Promise<Parsed> {
  const names = COMMANDS.map(({ name }) => name);
  const wanted = argv.find((word) => TEXT_OPTIONS.includes(word));
  if (wanted !== undefined) {
    const { programText } = await helpText();
    return { kind: 'text', text: await programText(wanted) };
  }
  const near = nearest(argv[0] ?? '', names);
  throw new UsageError(
    commandProblem(argv, names),
    near === undefined
      ? `${PROGRAM} --help; the commands are ${names.join(', ')}`
      : `perhaps ${PROGRAM} ${near}; ${PROGRAM} --help shows all commands`,
  );
}

function commandProblem(argv: readonly string[], names: readonly string[]): string {
  const [first] = argv;
  if (first !== undefined && !first.startsWith('-')) return `there is no command ${quote(first)}`;
  const late = argv.find((word) => names.includes(word));
  return late === undefined
    ? 'a command is missing'
    : `the command comes first: ${PROGRAM} ${late} [OPTIONS]`;
}

async function parseCommand(spec: CommandSpec, argv: readonly string[]): Promise<Parsed> {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const behind = end === -1 ? [] : argv.slice(end + 1);
  checkOptionWords(own, spec.options, `${PROGRAM} ${spec.name} --help`);
  if (own.some((word) => word === '--help' || word === '-h')) {
    const { commandText } = await helpText();
    return { kind: 'text', text: await commandText(spec) };
  }
  const { options, positionals } = readOptions(spec, own);
  const isRest = spec.rest !== undefined;
  const words = readPositionals(spec, isRest ? positionals : [...positionals, ...behind]);
  return { kind: 'command', spec, words: { ...options, ...words, ...(isRest && { '--': behind }) } };
}

/** yargs writes the help; a command line that is to be run need not wait for it. */
function helpText(): Promise<typeof HelpText> {
  leaveGoneFolder();
  return import('./help-text.ts');
}

/** yargs asks which folder we are in as it loads, and ends as a bug where that is gone. */
function leaveGoneFolder(): void {
  try {
    process.cwd();
  } catch {
    process.chdir('/');
  }
}

type Read = { readonly options: Words; readonly positionals: readonly string[] };

/** Reads the options; those that take one value and were given twice keep both, for whoever asks to refuse. */
function readOptions({ name, options }: CommandSpec, args: readonly string[]): Read {
  const hint = `${PROGRAM} ${name} --help`;
  try {
    const config = parserConfig(options);
    const { values, positionals } = parseArgs({
      args: joinValues(longOptions(args, options), options),
      ...config,
    });
    const found: Words = values;
    for (const [option, { choices }] of Object.entries(options))
      checkChoices(option, found[option], choices, hint);
    return { options: Object.fromEntries(Object.entries(found).map(unwrap)), positionals };
  } catch (error) {
    if (!hasCode(error, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')) throw error;
    const [, option = 'an option'] = /(--[a-z-]+)/.exec(error.message) ?? [];
    throw new UsageError(`${option} needs a value`, hint);
  }
}

function parserConfig(options: Readonly<Record<string, OptionSpec>>): ParseArgsConfig & { strict: true } {
  const entries = Object.entries(options).map(([option, { type, alias }]) => [
    option,
    { type, multiple: true, ...(alias !== undefined && { short: alias }) },
  ]);
  return { options: Object.fromEntries(entries), allowPositionals: true, allowNegative: true, strict: true };
}

/** `-o=FILE` as `--output=FILE`: Node would take the equals sign for a part of the file's name. */
function longOptions(
  args: readonly string[],
  options: Readonly<Record<string, OptionSpec>>,
): readonly string[] {
  return args.map((word) => {
    const [, short, value] = /^-([a-z])(=.*)$/s.exec(word) ?? [];
    const [long] =
      Object.entries(options).find(([, { alias }]) => alias !== undefined && alias === short) ?? [];
    return long === undefined || value === undefined ? word : `--${long}${value}`;
  });
}

/** `--days -1` is a value that is wrong, not an option that lacks one: the word behind is a number, and no option. */
function joinValues(args: readonly string[], options: Readonly<Record<string, OptionSpec>>): string[] {
  return args.flatMap((word, index) => {
    const before = args[index - 1];
    if (isNumber(word) && takesValue(before, options)) return [];
    const next = args[index + 1];
    return next !== undefined && isNumber(next) && takesValue(word, options) ? [`${word}=${next}`] : [word];
  });
}

function unwrap([option, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [option, Array.isArray(value) && value.length === 1 ? value[0] : value];
}

function checkChoices(
  option: string,
  value: unknown,
  choices: readonly string[] | undefined,
  hint: string,
): void {
  const wrong =
    choices === undefined ? undefined : [value ?? []].flat().find((each) => !choices.includes(String(each)));
  if (wrong === undefined) return;
  const shown = choices?.map((choice) => JSON.stringify(choice)).join(', ');
  throw new UsageError(`--${option} cannot be ${quote(String(wrong))}: the choices are ${shown}`, hint);
}

/** Gives each positional its word. A word too many is a mistake, not something to ignore. */
function readPositionals({ name, positionals, rest }: CommandSpec, given: readonly string[]): Words {
  const hint = `${PROGRAM} ${name} --help`;
  const surplus = given[positionals.length];
  if (surplus !== undefined) {
    const out = rest === undefined ? hint : `put ${rest.name.toUpperCase()} behind --; ${hint}`;
    throw new UsageError(`one word too many: ${quote(surplus)}`, out);
  }
  return Object.fromEntries(
    positionals.map((positional, index) => [positional.name, readPositional(positional, given[index], hint)]),
  );
}

function readPositional(
  { name, required, choices }: PositionalSpec,
  word: string | undefined,
  hint: string,
): string | undefined {
  if (word === undefined && required) throw new UsageError(`${name.toUpperCase()} is missing`, hint);
  if (word === '') throw new UsageError(`${name.toUpperCase()} is empty`, hint);
  if (word === undefined || choices === undefined || choices.includes(word)) return word;
  throw new UsageError(`${name.toUpperCase()} is ${choices.join(' or ')}, not ${quote(word)}`, hint);
}
