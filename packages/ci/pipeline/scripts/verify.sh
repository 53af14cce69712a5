#!/bin/sh
# Says whether an environment's engine serves these credentials, and until when they last. Runs in with-engine.sh.
#
#   WARN_DAYS   days before the end from which on every run warns   default: 7
. "$(dirname "$0")/lib.sh"
environment=$1
certificate=$DOCKER_CERT_PATH/cert.pem
renew='docker-mtls ci export issues new ones: store them in this automation server'

x509() { openssl x509 -in "$certificate" -noout "$@"; }

# Whole days until the end: the largest number of days for which the certificate still holds.
days_left() {
  low=0 high=4096
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if x509 -checkend $((middle * 86400)) >/dev/null; then low=$middle; else high=$middle; fi
  done
  echo "$low"
}

check_pair() {
  subject=$(x509 -subject -nameopt RFC2253 2>/dev/null) ||
    give_up "$environment: the file of the client certificate contains no certificate" "$renew"
  subject=${subject#subject=}
  ends=$(x509 -enddate)
  ends=${ends#notAfter=}
  x509 -checkend 0 >/dev/null || give_up "$environment: the certificate of $subject ended on $ends" "$renew"
  begins=$(x509 -startdate)
  case $(openssl verify -CAfile "$DOCKER_CERT_PATH/ca.pem" "$certificate" 2>&1) in
    *'not yet valid'*)
      give_up "$environment: the certificate of $subject begins on ${begins#notBefore=}, and it is $(date -u) here" \
        'check the clock of this agent' ;;
  esac
  # An encrypted key would ask for its passphrase.
  public=$(openssl pkey -in "$DOCKER_CERT_PATH/key.pem" -passin pass: -pubout 2>/dev/null) ||
    give_up "$environment: the file of the key contains no private key, or an encrypted one" "$renew"
  [ "$(x509 -pubkey)" = "$public" ] ||
    give_up "$environment: key and certificate do not belong together" 'bind all three files of one export'
  left=$(days_left)
  [ "$left" -ge "${WARN_DAYS:-7}" ] || say "warning: $environment: only $left days left: $renew"
  identity="$subject, good for $left more days (until $ends)"
}

# What an error of the docker CLI means for the owner of the pipeline.
explain() {
  case $1 in
    *'signed by unknown authority'* | *'certificate signed by'*)
      echo "the engine's certificate is not from the CA of these credentials: wrong credentials, or not your engine" ;;
    *'not yet valid'*' is before '*) echo "a certificate begins later than now: check the clocks of this agent and of the engine" ;;
    *'expired certificate'* | *'certificate has expired'*) echo "$renew" ;;
    *'remote error: tls'*) echo 'the engine does not accept this client: these credentials are of another CA' ;;
    *'certificate is valid for'* | *'not valid for any names'* | *"doesn't contain any IP SANs"*)
      echo "use a name of the engine's certificate, or issue it with this one: docker-mtls issue-server … --san" ;;
    *'reset by peer'* | *'broken pipe'*)
      echo 'the engine hung up: it does not accept this client, or something in between ended the connection' ;;
    *'Cannot connect to the Docker daemon'* | *'no such host'* | *'connection refused'* | *'timeout'* | *'no route to host'*)
      echo 'this agent does not reach the engine: address, port, firewall' ;;
    *) echo 'try the same on the agent: docker --tlsverify --host … version' ;;
  esac
}

command -v docker >/dev/null ||
  give_up "$environment: there is no docker command on this agent" 'install the Docker CLI'
if command -v openssl >/dev/null; then
  check_pair
else
  identity='a certificate whose dates were not checked (openssl is not on this agent)'
fi

# An engine says why it refuses a client while the client speaks already: at times only the end of the connection arrives.
ask_version() {
  for _ in 1 2 3; do
    version=$(docker version --format '{{.Server.Version}}' 2>&1) && return
    case $version in
      *'reset by peer'* | *'broken pipe'*) ;;
      *) return 1 ;;
    esac
  done
  return 1
}

if ! ask_version; then
  printf '%s\n' "$version" >&2
  give_up "$environment: $DOCKER_HOST does not serve these credentials" "$(explain "$version")"
fi
say "$environment: engine $version at $DOCKER_HOST serves $identity"
