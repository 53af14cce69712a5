import type { CommandSpec, OptionSpec } from '../../command-line/command.ts';
import { followings, namesOf } from './words.ts';
import type { Following } from './words.ts';

/** Completions for fish: one line for each word, with what it means. */
export function fishCompletion(commands: readonly CommandSpec[]): string {
  const first = commands.map((spec) => commandLine('__fish_use_subcommand', spec));
  const lines = [...first, ...followings(commands).flatMap(linesAfter)];
  return `# fish completion for docker-mtls
function __docker_mtls_after
  string match -q -- "$argv *" (string join -- ' ' (commandline -opc)[2..] '')
end
${lines.join('\n')}
`;
}

function linesAfter({ path, words, options }: Following): readonly string[] {
  const below = path.at(-1)?.commands ?? [];
  const where = condition(namesOf(path), below);
  return [
    ...below.map((spec) => commandLine(where, spec)),
    ...words
      .filter((word) => !below.some(({ name }) => name === word))
      .map((word) => `complete -c docker-mtls -n '${where}' -f -a ${word}`),
    ...Object.entries(options).map(
      ([option, spec]) =>
        `complete -c docker-mtls -n '${where}' -l ${option}${value(spec)} -d ${quoted(spec.describe)}`,
    ),
  ];
}

/** The line begins with this command, and goes on with none of those below it. */
function condition(names: string, below: readonly CommandSpec[]): string {
  const deeper = below.map(({ name }) => `; and not __docker_mtls_after ${names} ${name}`);
  return `__docker_mtls_after ${names}${deeper.join('')}`;
}

function commandLine(where: string, { name, summary }: CommandSpec): string {
  return `complete -c docker-mtls -n '${where}' -f -a ${name} -d ${quoted(summary)}`;
}

function value({ type, choices }: OptionSpec): string {
  if (type === 'boolean') return '';
  return choices === undefined ? ' -r' : ` -x -a '${choices.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`\'`)}'`;
}
