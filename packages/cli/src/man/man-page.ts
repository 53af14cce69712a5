import { allCommands, commandLineOf } from '../command-line/command.ts';
import type { CommandPath, CommandSpec, OptionSpec } from '../command-line/command.ts';
import { VERSION } from '../command-line/version.ts';
import { COMMANDS, COMMAND_GROUPS } from '../commands/index.ts';

/** A manual page of section 1, in the macros of man(7). */
export type ManPage = { readonly file: string; readonly text: string };

/** A page for the program and one for each command, from the same table as the help. */
export function manPages(): readonly ManPage[] {
  return [programPage(), ...allCommands(COMMANDS).flatMap(commandPage)];
}

function programPage(): ManPage {
  const groups = COMMAND_GROUPS.flatMap(({ title, commands }) => [
    `.SS ${literal(title)}`,
    ...commands.flatMap((spec) => entry(`docker-mtls ${spec.name}`, spec.summary)),
  ]);
  return page([], 'certificate authority and mutual TLS for Docker engines', [
    '.SH SYNOPSIS',
    `\\fBdocker\\-mtls\\fR COMMAND [OPTIONS]`,
    '.SH COMMANDS',
    ...groups,
    '.SH EXIT STATUS',
    ...entry('0', 'Done.'),
    ...entry('1', 'Refused or failed.'),
    ...entry('2', 'Wrong usage.'),
    ...entry('3', 'A check answered no.'),
    ...entry('70', 'A bug in docker-mtls.'),
  ]);
}

function commandPage(path: CommandPath): readonly ManPage[] {
  const spec = path.at(-1);
  if (spec === undefined) return [];
  const below = (spec.commands ?? []).flatMap((each) => entry(commandLineOf([...path, each]), each.summary));
  const words = [...spec.positionals, ...(spec.rest === undefined ? [] : [spec.rest])];
  const text = [
    '.SH SYNOPSIS',
    synopsis(path, spec),
    ...section(
      'ARGUMENTS',
      words.flatMap(({ name, describe }) => entry(name, describe)),
    ),
    ...section('COMMANDS', below),
    ...section('OPTIONS', [
      ...Object.entries(spec.options).flatMap(option),
      ...entry('-h, --help', 'Show this help'),
    ]),
    ...section('EXAMPLES', examples(spec)),
  ];
  return [page(path, spec.summary, text)];
}

function page(path: CommandPath, summary: string, body: readonly string[]): ManPage {
  const name = ['docker-mtls', ...path.map((each) => each.name)].join('-');
  const above =
    path.length === 0 ? [] : [['docker-mtls', ...path.slice(0, -1).map((each) => each.name)].join('-')];
  const lines = [
    `.TH ${literal(name.toUpperCase())} 1 "" "docker\\-mtls ${literal(VERSION)}"`,
    '.SH NAME',
    `${literal(name)} \\- ${literal(summary)}`,
    ...body,
    ...section(
      'SEE ALSO',
      above.map((each) => `\\fB${literal(each)}\\fR(1)`),
    ),
  ];
  return { file: `${name}.1`, text: `${lines.join('\n')}\n` };
}

function synopsis(path: CommandPath, { positionals, rest, load }: CommandSpec): string {
  const names = positionals.map(({ name, required }) => (required ? name : `[${name}]`));
  const tail = rest === undefined ? [] : ['--', rest.name];
  const words = load === undefined ? ['COMMAND'] : [...names, '[OPTIONS]', ...tail];
  return `\\fB${literal(commandLineOf(path))}\\fR ${words.map(literal).join(' ')}`;
}

function option([name, { type, alias, describe, choices, repeatable }]: readonly [
  string,
  OptionSpec,
]): readonly string[] {
  const names = [...(alias === undefined ? [] : [`-${alias}`]), `--${name}`].join(', ');
  const value = type === 'boolean' ? '' : ` ${choices?.join('|') ?? name.toUpperCase()}`;
  return entry(`${names}${value}`, repeatable === true ? `${describe} (may be repeated)` : describe);
}

function examples({ examples: own, beside = [] }: CommandSpec): readonly string[] {
  const all = [...own.map(([line, meaning]) => [`docker-mtls ${line}`, meaning] as const), ...beside];
  return all.flatMap(([line, meaning]) => entry(line, meaning));
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`.SH ${title}`, ...lines];
}

function entry(term: string, meaning: string): readonly string[] {
  return ['.TP', `\\fB${literal(term)}\\fR`, literal(meaning)];
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': String.raw`\e`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
};

/** Text as it is, to be copied: these mean or look like something else in roff, and so does `.` where a line begins. */
function literal(text: string): string {
  return text.replaceAll(/[\\\-'`^~]/g, (each) => SPECIAL[each] ?? each).replace(/^\./, String.raw`\&.`);
}
