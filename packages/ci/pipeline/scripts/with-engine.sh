#!/bin/sh
# Runs scripts against one engine, over mutual TLS, and leaves nothing of the credentials behind.
#
#   with-engine.sh ENVIRONMENT SCRIPT…        with-engine.sh uat verify deploy
#
#   DOCKER_ENGINE                        the engine: tcp://HOST:PORT
#   DOCKER_CA, DOCKER_CERT, DOCKER_KEY   files of the identity, as automation servers bind them; or, instead,
#   DOCKER_MTLS_BUNDLE                   all three as one text: the base64 of an archive
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

[ $# -ge 2 ] || give_up 'usage: with-engine.sh ENVIRONMENT SCRIPT…'
environment=$1
shift

# Of mode 0700, as mktemp makes folders.
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/docker-mtls.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# link FILE NAME VARIABLE  A link, so that the key itself stays in one place.
link() {
  [ -n "$1" ] || give_up "$environment: $3 is empty" 'bind the credentials that "docker-mtls ci export" wrote'
  [ -s "$1" ] || give_up "$environment: $3 names $1, which is not there or empty"
  case $1 in
    /*) ln -s "$1" "$folder/$2" ;;
    *) ln -s "$PWD/$1" "$folder/$2" ;;
  esac
}

if [ -n "${DOCKER_MTLS_BUNDLE:-}" ]; then
  printf '%s' "$DOCKER_MTLS_BUNDLE" | base64 -d 2>/dev/null | tar -xzf - -C "$folder" ca.pem cert.pem key.pem 2>/dev/null ||
    give_up "$environment: DOCKER_MTLS_BUNDLE is not what docker-mtls ci export wrote" 'store the whole file as the secret'
else
  link "${DOCKER_CA:-}" ca.pem DOCKER_CA
  link "${DOCKER_CERT:-}" cert.pem DOCKER_CERT
  link "${DOCKER_KEY:-}" key.pem DOCKER_KEY
fi

case ${DOCKER_ENGINE:-} in
  '') give_up "$environment: DOCKER_ENGINE is empty" 'set it to tcp://HOST:PORT' ;;
  tcp://*) DOCKER_HOST=$DOCKER_ENGINE ;;
  *://*) give_up "$environment: DOCKER_ENGINE is $DOCKER_ENGINE, which has no TLS" 'set it to tcp://HOST:PORT' ;;
  *) DOCKER_HOST=tcp://$DOCKER_ENGINE ;;
esac
DOCKER_TLS_VERIFY=1
DOCKER_CERT_PATH=$folder
export DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH
# What else would choose an engine or an identity, and what the scripts need not know.
unset DOCKER_CONTEXT DOCKER_TLS DOCKER_MTLS_BUNDLE

for script in "$@"; do
  sh "$here/$script.sh" "$environment"
done
