#!/bin/sh
set -eu
export CAROOT="$PWD"
exec >/dev/null 2>&1
"$PROGRAM" -ecdsa -cert-file server-cert.pem -key-file server-key.pem node1.example.com 127.0.0.1
"$PROGRAM" -ecdsa -client -cert-file cert.pem -key-file key.pem alice
