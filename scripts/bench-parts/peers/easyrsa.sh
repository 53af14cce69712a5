#!/bin/sh
set -eu
export EASYRSA_BATCH=1 EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1 EASYRSA_PKI="$PWD/pki"
exec >/dev/null 2>&1
"$PROGRAM" init-pki
"$PROGRAM" build-ca nopass
"$PROGRAM" --subject-alt-name=DNS:node1.example.com,IP:127.0.0.1 build-server-full node1.example.com nopass
"$PROGRAM" build-client-full alice nopass
