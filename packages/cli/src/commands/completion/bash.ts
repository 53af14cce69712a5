import type { CommandSpec } from '../../command-line/command.ts';
import { followings, namesOf } from './words.ts';
import type { Following } from './words.ts';

/** A completion function for bash: commands first, then what may follow the command that stands there. */
export function bashCompletion(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion for docker-mtls
_docker_mtls() {
  local word=\${COMP_WORDS[COMP_CWORD]} words before="\${COMP_WORDS[*]:1:COMP_CWORD-1} "
  COMPREPLY=()
  case $before in
    ' ') words='${names} --help --version' ;;
${followings(commands).map(bashCase).join('\n')}
    *) return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _docker_mtls docker-mtls
`;
}

function bashCase({ path, words, options }: Following): string {
  const all = [...words, ...Object.keys(options).map((option) => `--${option}`), '--help'];
  return `    '${namesOf(path)} '*) words='${all.join(' ')}' ;;`;
}
