import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import type { CommandSpec, OptionSpec, PositionalSpec } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { checkOptionWords } from './strict.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** The words of a command line by the names of the options and positionals that they belong to. */
export type Words = Readonly<Record<string, unknown>>;

/** What a command line asks for: a command with its words, or text to print (help, version). */
export type Parsed =
  | { readonly kind: 'command'; readonly spec: CommandSpec; readonly words: Words }
  | { readonly kind: 'text'; readonly text: string };

const PROGRAM = 'docker-mtls';
const HELP_WIDTH = 100;

// The command line means what it says: no numbers out of names, no dots into objects.
const PARSER = {
  'parse-positional-numbers': false,
  'dot-notation': false,
  'camel-case-expansion': false,
} as const;

/** Parses a command line. Throws `UsageError`, which says what is wrong and names the help that explains it. */
export async function parseCommandLine(argv: readonly string[]): Promise<Parsed> {
  const spec = COMMANDS.find(({ name }) => name === argv[0]);
  return spec === undefined ? parseProgram(argv) : parseCommand(spec, argv.slice(1));
}

// Only these mean something without a command; whatever else stands there, yargs never sees.
const TEXT_OPTIONS = ['--help', '-h', '--version'];

async function parseProgram(argv: readonly string[]): Promise<Parsed> {
  const names = COMMANDS.map(({ name }) => name);
  const wanted = argv.filter((word) => TEXT_OPTIONS.includes(word));
  if (wanted.length > 0) return { kind: 'text', text: `${(await run(programParser(), wanted)).text}\n` };
  const word = argv.find((each) => !each.startsWith('-'));
  throw new UsageError(
    commandProblem(word, names),
    `${PROGRAM} --help; the commands are ${names.join(', ')}`,
  );
}

function programParser(): Argv {
  const parser = baseParser(PROGRAM)
    .usage(
      `${PROGRAM}: a certificate authority and mutual TLS for Docker engines\n\n${PROGRAM} COMMAND [OPTIONS]`,
    )
    .version(VERSION)
    .epilog(`${PROGRAM} COMMAND --help explains a command, with examples`);
  for (const { name, summary, positionals } of COMMANDS) {
    parser.command([name, ...positionals.map(placeholder)].join(' '), summary);
  }
  return parser;
}

function commandProblem(word: string | undefined, names: readonly string[]): string {
  if (word === undefined) return 'a command is missing';
  if (names.includes(word)) return `the command comes first: ${PROGRAM} ${word} [OPTIONS]`;
  return `there is no command ${JSON.stringify(word.slice(0, 80))}`;
}

async function parseCommand(spec: CommandSpec, argv: readonly string[]): Promise<Parsed> {
  checkOptionWords(argv, spec.options, `${PROGRAM} ${spec.name} --help`);
  const { text, words } = await run(commandParser(spec), argv);
  if (text !== '') return { kind: 'text', text: `${text}\n` };
  return { kind: 'command', spec, words: { ...words, ...readPositionals(spec, words) } };
}

function commandParser(spec: CommandSpec): Argv {
  const command = `${PROGRAM} ${spec.name}`;
  const { positionals, rest } = spec;
  const tail = rest === undefined ? [] : [`-- <${rest.name}…>`];
  const line = [command, ...positionals.map(placeholder), '[OPTIONS]', ...tail].join(' ');
  const named = [...positionals, ...(rest === undefined ? [] : [rest])];
  const width = Math.max(...named.map(({ name }) => name.length));
  const words = named.map(({ name, describe }) => `${name.padEnd(width)}  ${describe}\n`).join('');
  const parser = baseParser(command)
    .usage(`${spec.summary}\n\n${line}${words === '' ? '' : `\n\n${words.trimEnd()}`}`)
    .parserConfiguration({ ...PARSER, 'populate--': rest !== undefined })
    .version(false)
    .strictOptions()
    .epilog(examplesText(spec));
  for (const [name, option] of Object.entries(spec.options)) parser.option(name, yargsOption(option));
  return parser;
}

// Whole lines, to copy: yargs would break them in two columns.
function examplesText({ examples }: CommandSpec): string {
  const lines = examples.map(([example, meaning]) => `  ${PROGRAM} ${example}\n      ${meaning}\n`);
  return `Examples:\n${lines.join('')}`.trimEnd();
}

function baseParser(command: string): Argv {
  return yargs()
    .scriptName(command)
    .parserConfiguration(PARSER)
    .wrap(HELP_WIDTH)
    .locale('en')
    .updateStrings(PLAIN_WORDS)
    .help()
    .alias('help', 'h')
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof UsageError
        ? error
        : new UsageError(oneLine(message ?? error?.message), `${command} --help`);
    });
}

// What yargs says of a wrong command line, for people who do not know what a non-option argument is.
const PLAIN_WORDS = {
  'Not enough arguments following: %s': '--%s needs a value',
  'Invalid values:': ' ',
  'Argument: %s, Given: %s, Choices: %s': '--%s cannot be %s: the choices are %s',
};

function yargsOption({ type, describe, alias, choices }: OptionSpec): Options {
  return {
    type,
    describe,
    ...(alias && { alias }),
    ...(choices && { choices }),
    ...(type === 'string' && { requiresArg: true }),
  };
}

async function run(
  parser: Argv,
  argv: readonly string[],
): Promise<{ readonly text: string; readonly words: Words }> {
  let text = '';
  const words = await parser.parse([...argv], (error: unknown, _words: unknown, output: string) => {
    if (error instanceof Error) throw error;
    text = output;
  });
  return { text, words };
}

/** Gives each positional its word. A word too many is a mistake, not something to ignore. */
function readPositionals({ name, positionals }: CommandSpec, words: Words): Words {
  const given = [words['_'] ?? []].flat().map(String);
  const hint = `${PROGRAM} ${name} --help`;
  const surplus = given[positionals.length];
  if (surplus !== undefined)
    throw new UsageError(`one word too many: ${JSON.stringify(surplus.slice(0, 80))}`, hint);
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
  throw new UsageError(
    `${name.toUpperCase()} is ${choices.join(' or ')}, not ${JSON.stringify(word.slice(0, 80))}`,
    hint,
  );
}

function placeholder({ name, required }: PositionalSpec): string {
  return required ? `<${name}>` : `[${name}]`;
}

function oneLine(text = 'the command line is wrong'): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
