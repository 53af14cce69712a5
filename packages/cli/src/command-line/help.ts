import { displayPad } from '@docker-mtls/text';
import { commandLineOf } from './command.ts';
import type { CommandPath, CommandSpec, PositionalSpec } from './command.ts';
import { COMMAND_GROUPS } from '../commands/index.ts';
import { declareOptions, newParser } from './parser.ts';

/** The answer to `--help`, without a command all of them in groups. */
export async function commandHelp(path: CommandPath): Promise<string> {
  const spec = path.at(-1);
  return spec === undefined ? programHelp() : `${await commandParser(path, spec).getHelp()}\n`;
}

/** yargs has groups of options, but not of commands. */
async function programHelp(): Promise<string> {
  const width = Math.max(
    ...COMMAND_GROUPS.flatMap(({ commands }) => commands.map(({ name }) => name.length)),
  );
  const groups = COMMAND_GROUPS.map(({ title, commands }) => {
    const lines = commands.map(({ name, summary }) => `  ${displayPad(name, width)}  ${summary}\n`);
    return `${title}:\n${lines.join('')}\n`;
  });
  const options = await newParser('docker-mtls')
    .option('version', { type: 'boolean', alias: 'V', describe: 'Show the version' })
    .epilog('docker-mtls COMMAND --help explains a command, with examples')
    .getHelp();
  return `docker-mtls: a certificate authority and mutual TLS for Docker engines

docker-mtls COMMAND [OPTIONS]

${groups.join('')}${options}
`;
}

function commandParser(path: CommandPath, spec: CommandSpec): ReturnType<typeof newParser> {
  const line = commandLineOf(path);
  const parser = newParser(line).usage(usageOf(line, spec)).epilog(examplesOf(spec));
  for (const below of spec.commands ?? []) parser.command(placeholders(below), below.summary);
  return declareOptions(parser, spec);
}

function usageOf(line: string, spec: CommandSpec): string {
  const { summary, positionals, rest, load } = spec;
  const tail = rest === undefined ? '' : ` -- <${rest.name}…>`;
  const use = load === undefined ? `${line} COMMAND` : `${placeholders(spec, line)} [OPTIONS]${tail}`;
  const named = rest === undefined ? positionals : [...positionals, rest];
  const width = Math.max(...named.map(({ name }) => name.length));
  const words = named.map(({ name, describe }) => `${displayPad(name, width)}  ${describe}\n`).join('');
  return `${summary}\n\n${use}${words === '' ? '' : `\n\n${words.trimEnd()}`}`;
}

function placeholders({ name, positionals }: CommandSpec, line: string = name): string {
  return [line, ...positionals.map((each) => (each.required ? `<${shown(each)}>` : `[${shown(each)}]`))].join(
    ' ',
  );
}

function shown({ name, repeatable }: PositionalSpec): string {
  return repeatable === true ? `${name}…` : name;
}

// Complete lines, to copy: yargs would break them in two columns.
function examplesOf({ examples, beside = [] }: CommandSpec): string {
  const own = examples.map(([example, meaning]) => [`docker-mtls ${example}`, meaning] as const);
  const lines = [...own, ...beside].map(([line, meaning]) => `  ${line}\n      ${meaning}\n`);
  return `Examples:\n${lines.join('')}`.trimEnd();
}
