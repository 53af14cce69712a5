#!/bin/sh
# bundles.sh CLIENTS: a CA, and for each client what its bundle needs by openssl and tar: a P-256 key, a request, a
# certificate that is for clients only, and an archive that unpacks into a DOCKER_CERT_PATH.
set -eu
exec >/dev/null 2>&1

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca-key.pem
openssl req -new -x509 -days 3650 -key ca-key.pem -sha256 -out ca.pem -subj '/CN=bench CA'
echo extendedKeyUsage = clientAuth >client.cnf
mkdir -m 700 clients bundles
umask 077
for n in $(seq "$1"); do
  folder=clients/user$n
  mkdir "$folder"
  cp ca.pem "$folder/ca.pem"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/key.pem"
  openssl req -new -subj "/CN=user$n" -key "$folder/key.pem" -out client.csr
  openssl x509 -req -days 365 -sha256 -in client.csr -CA ca.pem -CAkey ca-key.pem \
    -CAcreateserial -out "$folder/cert.pem" -extfile client.cnf
  tar -czf "bundles/user$n.tar.gz" -C "$folder" ca.pem cert.pem key.pem
done
