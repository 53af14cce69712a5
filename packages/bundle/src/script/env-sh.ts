import { headline, type BundleFacts } from './bundle-facts.ts';

const VARIABLES = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;

/**
 * `env.sh`: sourced by bash, zsh, dash and other POSIX shells, from any folder, also under `set -eu`. It finds its own
 * folder in each shell's own way; dash has none, so the files that the shell has open are looked through (Linux), or
 * one has to be in the folder. A function `deactivate` that is there already, such as Python's, is left alone; a program of
 * that name (pyenv has one) can undo nothing in a shell, and is hidden.
 */
export function envSh(facts: BundleFacts): string {
  return `${[
    ...headline(facts).map((line) => `# ${line}`),
    '#',
    '#   . ./env.sh        use it in this terminal (bash, zsh, dash); the path may be any',
    '#   docker version    check that the engine answers',
    '#   deactivate        put everything back (docker_mtls_deactivate, where another deactivate was first)',
    '',
    FIND,
    '',
    activate(facts),
    '',
    DEACTIVATE,
    '',
    'if docker_mtls_activate; then',
    '  unset -f docker_mtls_find docker_mtls_activate',
    'else',
    '  unset -f docker_mtls_find docker_mtls_activate',
    '  if [ -z "${docker_mtls_active-}" ]; then unset -f docker_mtls_deactivate; fi',
    '  return 1',
    'fi',
  ].join('\n')}\n`;
}

// Within eval, because each line would be a syntax error in the other shells.
const FIND = String.raw`docker_mtls_find() {
  docker_mtls_file=./env.sh
  if [ -n "${'$'}{BASH_VERSION-}" ]; then
    eval 'docker_mtls_file=${'$'}{BASH_SOURCE[0]}'
  elif [ -n "${'$'}{ZSH_VERSION-}" ]; then
    eval 'docker_mtls_file=${'$'}{(%):-%x}'
  elif [ -r /proc/self/stat ]; then
    read -r docker_mtls_pid docker_mtls_rest </proc/self/stat
    for docker_mtls_open in /proc/"$docker_mtls_pid"/fd/*; do
      docker_mtls_target=$(readlink "$docker_mtls_open" || :)
      case $docker_mtls_target in */env.sh) docker_mtls_file=$docker_mtls_target ;; esac
    done
    unset docker_mtls_pid docker_mtls_rest docker_mtls_open docker_mtls_target
  fi
  docker_mtls_folder=$(\unset CDPATH; \cd -- "$(dirname -- "$docker_mtls_file")" >/dev/null && \pwd -P)
  unset docker_mtls_file
}`;

function activate({ hosts }: BundleFacts): string {
  return `docker_mtls_activate() {
  docker_mtls_find
  for docker_mtls_file in ca.pem cert.pem key.pem; do
    if ! [ -r "$docker_mtls_folder/$docker_mtls_file" ]; then
      echo "docker-mtls: $docker_mtls_folder has no $docker_mtls_file; put it there, or cd into the bundle first" >&2
      unset docker_mtls_folder docker_mtls_file
      return 1
    fi
  done
  if [ -z "\${docker_mtls_active-}" ]; then
${VARIABLES.map(save).join('\n')}
  fi
  export DOCKER_HOST='${hosts[0].url}' DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$docker_mtls_folder"
  docker_mtls_active=\${docker_mtls_active:-1}
  case $(command -v deactivate || :) in
    '' | /*)
      docker_mtls_active=2
      deactivate() { docker_mtls_deactivate; }
      ;;
  esac
  unset docker_mtls_folder docker_mtls_file
}`;
}

function save(name: string): string {
  return `    if [ -n "\${${name}+x}" ]; then docker_mtls_old_${name}=$${name}; fi`;
}

const DEACTIVATE = `docker_mtls_deactivate() {
  unset ${VARIABLES.join(' ')}
${VARIABLES.map(restore).join('\n')}
  if [ "$docker_mtls_active" = 2 ]; then unset -f deactivate; fi
  unset docker_mtls_active
  unset -f docker_mtls_deactivate
}`;

function restore(name: string): string {
  const old = `docker_mtls_old_${name}`;
  return `  if [ -n "\${${old}+x}" ]; then export ${name}="$${old}"; unset ${old}; fi`;
}
