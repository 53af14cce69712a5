#!/bin/sh
# renew-cfssl.sh CLIENTS: the same by cfssl.
set -eu
exec 2>/dev/null
umask 077
request() { printf '{"CN":"%s","key":{"algo":"ecdsa","size":256},"hosts":[]}' "$1"; }

if [ ! -f ca.pem ]; then
  echo '{"signing":{"profiles":{"client":{"expiry":"8760h","usages":["digital signature","client auth"]}}}}' >config.json
  request 'bench CA' | cfssl gencert -initca - | cfssljson -bare ca
fi
for n in $(seq "$1"); do
  request "user$n" | cfssl gencert -ca ca.pem -ca-key ca-key.pem -config config.json -profile client - |
    cfssljson -bare "user$n"
done
