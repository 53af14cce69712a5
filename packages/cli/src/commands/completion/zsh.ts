import type { CommandSpec, OptionSpec } from '../../command-line/command.ts';
import { followings, namesOf } from './words.ts';
import type { Following } from './words.ts';

/** A completion function for zsh, with what each word means beside it. */
export function zshCompletion(commands: readonly CommandSpec[]): string {
  return `#compdef docker-mtls
_docker_mtls() {
  local -a commands
  case "\${(j: :)words[2,CURRENT-1]} " in
    ' ')
${described(commands)}
      ;;
${followings(commands).map(zshCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _docker_mtls ]; then
  _docker_mtls "$@"
else
  compdef _docker_mtls docker-mtls
fi
`;
}

function described(commands: readonly CommandSpec[]): string {
  const lines = commands.map(({ name, summary }) => `        ${quoted(`${name}:${summary}`)}`);
  return `      commands=(\n${lines.join('\n')}\n      )\n      _describe command commands`;
}

function zshCase({ path, words, options }: Following): string {
  const below = path.at(-1)?.commands ?? [];
  const commands =
    below.length === 0
      ? ''
      : `\n      (( CURRENT == ${path.length + 2} )) && {\n${described(below)}\n      }`;
  const depth = path.length + 1;
  const first = words.length === 0 ? "'*:file:_files'" : `'${depth}:${namesOf(path)}:(${words.join(' ')})'`;
  const rest = Object.entries(options).map(zshOption);
  const asked =
    below.length > 0 && rest.length === 0 ? [] : [['      _arguments', first, ...rest].join(' \\\n        ')];
  return [`    '${namesOf(path)} '*)${commands}`, ...asked, '      ;;'].join('\n');
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
