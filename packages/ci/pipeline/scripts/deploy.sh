#!/bin/sh
# Brings an environment to the image that was built: with compose, on its engine. Runs in with-engine.sh.
#
#   SETTLE   seconds after which containers that are not running count as a failure   default: 5
. "$(dirname "$0")/lib.sh"
environment=$1
project=$APP-$environment

# docker-compose 1 asks for what engines no longer tell since 26: it would create containers, but never replace them.
if compose version --short | grep -q '^v\{0,1\}1\.'; then
  version=$(docker version --format '{{.Server.Version}}')
  [ "${version%%.*}" -lt 26 ] ||
    give_up "$environment: docker-compose 1 cannot replace containers on engine $version" 'install the compose plugin on this agent'
fi

if [ -n "$REGISTRY" ]; then
  registry_login
  compose_for "$environment" pull
else
  [ -f "$IMAGE_FILE" ] || give_up "$IMAGE_FILE is not there, and no REGISTRY is set" 'build.sh makes the file'
  docker load --quiet --input "$IMAGE_FILE"
fi
compose_for "$environment" up --detach --no-build --remove-orphans

sleep "${SETTLE:-5}"
containers() { docker ps --all --filter "label=com.docker.compose.project=$project" "$@"; }
fallen=$(
  containers --filter status=exited --filter status=restarting --filter status=dead --format '{{.Names}}: {{.Status}}' |
    grep -v ': Exited (0)' || true
  containers --filter health=unhealthy --format '{{.Names}}: {{.Status}}'
)
if [ -n "$fallen" ]; then
  printf '%s\n' "$fallen" >&2
  give_up "$environment: not everything of $project runs" "look at it with: compose -p $project logs"
fi
containers
say "$environment: $project runs $IMAGE"
