import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import type { CommandSpec, OptionSpec, PositionalSpec } from './command.ts';
import { COMMANDS } from '../commands/index.ts';
import { VERSION } from './version.ts';

export const PROGRAM = 'docker-mtls';

const HELP_WIDTH = 100;

/** The program's own answer to `--help` or `--version`. */
export function programText(word: string): Promise<string> {
  const parser = baseParser(PROGRAM)
    .usage(
      `${PROGRAM}: a certificate authority and mutual TLS for Docker engines\n\n${PROGRAM} COMMAND [OPTIONS]`,
    )
    .version(VERSION)
    .epilog(`${PROGRAM} COMMAND --help explains a command, with examples`);
  for (const { name, summary, positionals } of COMMANDS) {
    parser.command([name, ...positionals.map(placeholder)].join(' '), summary);
  }
  return textOf(parser, word);
}

/** A command's answer to `--help`: what it does, its words and options, and examples. */
export function commandText(spec: CommandSpec): Promise<string> {
  return textOf(commandParser(spec), '--help');
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
    .version(false)
    .epilog(examplesText(spec));
  for (const [name, option] of Object.entries(spec.options)) parser.option(name, yargsOption(option));
  return parser;
}

// Whole lines, to copy: yargs would break them in two columns.
function examplesText({ examples, beside = [] }: CommandSpec): string {
  const own = examples.map(([example, meaning]) => [`${PROGRAM} ${example}`, meaning] as const);
  const lines = [...own, ...beside].map(([line, meaning]) => `  ${line}\n      ${meaning}\n`);
  return `Examples:\n${lines.join('')}`.trimEnd();
}

function baseParser(command: string): Argv {
  return yargs()
    .scriptName(command)
    .wrap(HELP_WIDTH)
    .locale('en')
    .help()
    .alias('help', 'h')
    .exitProcess(false);
}

function yargsOption({ type, describe, alias, choices }: OptionSpec): Options {
  return { type, describe, ...(alias && { alias }), ...(choices && { choices }) };
}

async function textOf(parser: Argv, word: string): Promise<string> {
  let text = '';
  await parser.parse([word], (_error: unknown, _words: unknown, output: string) => {
    text = output;
  });
  return `${text}\n`;
}

function placeholder({ name, required }: PositionalSpec): string {
  return required ? `<${name}>` : `[${name}]`;
}
