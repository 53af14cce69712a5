import type { CommandSpec, OptionSpec } from '../../command-line/command.ts';

/** Completions for fish: one line for each word, with what it means. */
export function fishCompletion(commands: readonly CommandSpec[]): string {
  const lines = commands.flatMap(commandLines);
  return `# fish completion for docker-mtls\n${lines.join('\n')}\n`;
}

function commandLines({ name, summary, options, positionals }: CommandSpec): readonly string[] {
  const after = `complete -c docker-mtls -n '__fish_seen_subcommand_from ${name}'`;
  const choices = positionals.flatMap((positional) => positional.choices ?? []);
  return [
    `complete -c docker-mtls -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...choices.map((choice) => `${after} -f -a ${choice}`),
    ...Object.entries(options).map(
      ([option, spec]) => `${after} -l ${option}${value(spec)} -d ${quoted(spec.describe)}`,
    ),
  ];
}

function value({ type, choices }: OptionSpec): string {
  if (type === 'boolean') return '';
  return choices === undefined ? ' -r' : ` -x -a '${choices.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`\'`)}'`;
}
