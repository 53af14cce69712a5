#!/bin/sh
# https://docs.docker.com/engine/security/protect-access/, without the passphrase; `ec` takes P-256 for RSA 4096.
set -eu
HOST=node1.example.com
exec >/dev/null 2>&1

key() {
  case $kind in
    rsa) openssl genrsa -out "$1" 4096 ;;
    ec) openssl ecparam -name prime256v1 -genkey -noout -out "$1" ;;
  esac
}

kind=$1
key ca-key.pem
openssl req -new -x509 -days 365 -key ca-key.pem -sha256 -out ca.pem -subj "/CN=$HOST"

key server-key.pem
openssl req -subj "/CN=$HOST" -sha256 -new -key server-key.pem -out server.csr
echo "subjectAltName = DNS:$HOST,IP:10.10.10.20,IP:127.0.0.1" >>extfile.cnf
echo extendedKeyUsage = serverAuth >>extfile.cnf
openssl x509 -req -days 365 -sha256 -in server.csr -CA ca.pem -CAkey ca-key.pem \
  -CAcreateserial -out server-cert.pem -extfile extfile.cnf

key key.pem
openssl req -subj '/CN=alice' -new -key key.pem -out client.csr
echo extendedKeyUsage = clientAuth >extfile-client.cnf
openssl x509 -req -days 365 -sha256 -in client.csr -CA ca.pem -CAkey ca-key.pem \
  -CAcreateserial -out cert.pem -extfile extfile-client.cnf

rm client.csr server.csr extfile.cnf extfile-client.cnf
chmod 0400 ca-key.pem key.pem server-key.pem
chmod 0444 ca.pem server-cert.pem cert.pem
