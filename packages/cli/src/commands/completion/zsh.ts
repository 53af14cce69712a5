import type { CommandSpec, OptionSpec } from '../../command-line/command.ts';

/** A completion function for zsh, with what each word means beside it. */
export function zshCompletion(commands: readonly CommandSpec[]): string {
  return `#compdef docker-mtls
_docker_mtls() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map(zshCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _docker_mtls ]; then
  _docker_mtls "$@"
else
  compdef _docker_mtls docker-mtls
fi
`;
}

function zshCase({ name, options, positionals }: CommandSpec): string {
  const choices = positionals.flatMap((positional) => positional.choices ?? []);
  const first = choices.length === 0 ? "'*:file:_files'" : `'2:${name}:(${choices.join(' ')})'`;
  const rest = Object.entries(options).map(zshOption);
  return [`    ${name}) _arguments`, first, ...rest].join(' \\\n      ') + ' ;;';
}

function zshOption([name, { type, describe, choices, repeatable }]: readonly [string, OptionSpec]): string {
  const value =
    type === 'boolean' ? '' : `:${name}:${choices === undefined ? '_files' : `(${choices.join(' ')})`}`;
  return quoted(
    `${repeatable ? '*' : ''}--${name}[${describe.replaceAll(/[[\]:]/g, String.raw`\$&`)}]${value}`,
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
