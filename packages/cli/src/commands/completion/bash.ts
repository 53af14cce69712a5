import type { CommandSpec } from '../../command-line/command.ts';

/** A completion function for bash: commands first, then the options of the command that stands there. */
export function bashCompletion(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion for docker-mtls
_docker_mtls() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${names} --help --version'
  else
    case \${COMP_WORDS[1]} in
${commands.map(bashCase).join('\n')}
      *) return ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _docker_mtls docker-mtls
`;
}

function bashCase({ name, options, positionals }: CommandSpec): string {
  const choices = positionals.flatMap((positional) => positional.choices ?? []);
  const words = [...choices, ...Object.keys(options).map((option) => `--${option}`), '--help'];
  return `      ${name}) words='${words.join(' ')}' ;;`;
}
