import { headline, type BundleFacts } from './bundle-facts.ts';

const VARIABLES = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;

/** `env.fish`: sourced by fish, from any folder. */
export function envFish(facts: BundleFacts): string {
  return `${headline(facts)
    .map((line) => `# ${line}\n`)
    .join('')}#
#   source env.fish   use it in this terminal; the path may be any
#   docker version    check that the engine answers
#   deactivate        put everything back (docker_mtls_deactivate, where another deactivate was first)

function docker_mtls_activate
    set -l folder (realpath (dirname (status --current-filename)))
    for file in ca.pem cert.pem key.pem
        if not test -r $folder/$file
            echo "docker-mtls: $folder has no $file; put it there" >&2
            return 1
        end
    end
    if not functions --query docker_mtls_deactivate
${VARIABLES.map(save).join('\n')}
    end
    set -gx DOCKER_HOST '${facts.hosts[0].url}'
    set -gx DOCKER_TLS_VERIFY 1
    set -gx DOCKER_CERT_PATH $folder
    function docker_mtls_deactivate
${VARIABLES.map(restore).join('\n')}
        if set -q docker_mtls_owns_deactivate
            functions --erase deactivate
            set -e docker_mtls_owns_deactivate
        end
        functions --erase docker_mtls_deactivate
    end
    if not functions --query deactivate
        set -g docker_mtls_owns_deactivate 1
        function deactivate
            docker_mtls_deactivate
        end
    end
end

docker_mtls_activate
set -l docker_mtls_result $status
functions --erase docker_mtls_activate
test $docker_mtls_result = 0
`;
}

function save(name: string): string {
  return `        if set -q ${name}
            set -g docker_mtls_old_${name} $${name}
        end`;
}

function restore(name: string): string {
  return `        set -e ${name}
        if set -q docker_mtls_old_${name}
            set -gx ${name} $docker_mtls_old_${name}
            set -e docker_mtls_old_${name}
        end`;
}
