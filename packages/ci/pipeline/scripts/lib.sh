# What the scripts of the pipeline share. POSIX sh, sourced; knows no automation server.
#
#   APP       names the image and the compose projects (APP-uat, APP-prod)        default: app
#   BUILD     tells one build from another, as the tag of the image              default: dev
#   REGISTRY  where images go, such as registry.example.com/team; empty: nowhere
# shellcheck shell=sh
set -eu

APP=${APP:-app}
BUILD=${BUILD:-dev}
REGISTRY=${REGISTRY:-}
IMAGE=${REGISTRY:+$REGISTRY/}$APP:$BUILD
# Where the image lies between jobs that may run on different machines.
IMAGE_FILE=build/image.tar
export APP BUILD REGISTRY IMAGE

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

# give_up REASON [HINT]
give_up() {
  printf '%s: error: %s\n' "${0##*/}" "$1" >&2
  [ -z "${2:-}" ] || printf '%s: hint: %s\n' "${0##*/}" "$2" >&2
  exit 1
}

# Compose as the docker CLI's plugin, or the program of its own that it used to be. Either takes the engine from the
# environment, so its words are the same.
compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  elif command -v docker-compose >/dev/null; then
    docker-compose "$@"
  else
    give_up 'there is neither "docker compose" nor docker-compose here' 'install the compose plugin on this agent'
  fi
}

# compose_for ENVIRONMENT WORDS…  The project of an environment: compose.yaml and what compose.ENVIRONMENT.yaml changes.
compose_for() {
  environment=$1
  shift
  if [ -f "compose.$environment.yaml" ]; then
    compose -p "$APP-$environment" -f compose.yaml -f "compose.$environment.yaml" "$@"
  else
    compose -p "$APP-$environment" -f compose.yaml "$@"
  fi
}

# The image that was built, on the engine at hand: from another job on another machine, it comes as a file.
have_image() {
  docker image inspect "$IMAGE" >/dev/null 2>&1 && return 0
  [ -f "$IMAGE_FILE" ] || give_up "there is no image $IMAGE here, and no $IMAGE_FILE" 'build.sh makes both'
  docker load --quiet --input "$IMAGE_FILE"
}

# REGISTRY_USER and REGISTRY_PASSWORD, where the registry wants them; the password is no argument of any program.
registry_login() {
  [ -n "${REGISTRY_USER:-}" ] || return 0
  printf '%s' "${REGISTRY_PASSWORD:-}" |
    docker login --username "$REGISTRY_USER" --password-stdin "${REGISTRY%%/*}" >/dev/null ||
    give_up "the registry ${REGISTRY%%/*} refused the login" 'check REGISTRY_USER and REGISTRY_PASSWORD'
  trap 'docker logout "${REGISTRY%%/*}" >/dev/null' EXIT
}
