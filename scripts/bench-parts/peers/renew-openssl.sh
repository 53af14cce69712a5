#!/bin/sh
# renew-openssl.sh CLIENTS: what renewing takes by openssl, for clients that are there: a P-256 key, a request and a certificate
# that is for clients only. Nothing is synced.
set -eu
exec >/dev/null 2>&1
umask 077

if [ ! -f ca.pem ]; then
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca-key.pem
  openssl req -new -x509 -days 3650 -key ca-key.pem -sha256 -out ca.pem -subj '/CN=bench CA'
  echo extendedKeyUsage = clientAuth >client.cnf
fi
for n in $(seq "$1"); do
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "user$n-key.pem"
  openssl req -new -subj "/CN=user$n" -key "user$n-key.pem" -out client.csr
  openssl x509 -req -days 365 -sha256 -in client.csr -CA ca.pem -CAkey ca-key.pem \
    -CAcreateserial -out "user$n.pem" -extfile client.cnf
done
