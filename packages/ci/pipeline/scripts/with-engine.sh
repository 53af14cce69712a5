#!/bin/sh
# Runs scripts against one engine, over mutual TLS, and removes its copies of the credentials afterwards.
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

line_feed='
'
as_file='store it as a file: a GitLab variable of type File, a Jenkins credential of kind Secret file'

# Of mode 0700, as mktemp makes folders.
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/docker-mtls.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# link FILE NAME VARIABLE  A link, so that the key itself stays in one place. The value of a variable is never printed:
# where it was bound as text, it is the key.
link() {
  [ -n "$1" ] || give_up "$environment: $3 is empty" 'bind the credentials that "docker-mtls ci export" wrote'
  case $1 in
    *-----* | *"$line_feed"*)
      give_up "$environment: $3 contains the file itself instead of its path" "$as_file" ;;
  esac
  [ -e "$1" ] || give_up "$environment: $3 is not the path of a file on this agent" "$as_file"
  [ -f "$1" ] || give_up "$environment: $3 names something that is not a regular file" "$as_file"
  [ -r "$1" ] || give_up "$environment: the file that $3 names cannot be read by this user" 'run the job as the user who owns the file'
  [ -s "$1" ] || give_up "$environment: the file that $3 names is empty" "$as_file"
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

address=${DOCKER_ENGINE:-}
address=${address#tcp://}
case $address in
  '') give_up "$environment: DOCKER_ENGINE is empty" 'set it to tcp://HOST:PORT' ;;
  *://*) give_up "$environment: DOCKER_ENGINE is an address without TLS" 'set it to tcp://HOST:PORT' ;;
  -* | *[!]A-Za-z0-9._:%[-]*) give_up "$environment: DOCKER_ENGINE is not the address of an engine" 'set it to tcp://HOST:PORT' ;;
esac
DOCKER_HOST=tcp://$address
DOCKER_TLS_VERIFY=1
DOCKER_CERT_PATH=$folder
export DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH
# What else would choose an engine, an identity or a CA, and what the scripts need not know. (docker-compose 1 and the SDK
# for Python prefer the last two to the CA of the engine.)
unset DOCKER_CONTEXT DOCKER_TLS DOCKER_MTLS_BUNDLE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE

for script in "$@"; do
  sh "$here/$script.sh" "$environment"
done
