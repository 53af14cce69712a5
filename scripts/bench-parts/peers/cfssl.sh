#!/bin/sh
set -eu
exec 2>/dev/null
request() { printf '{"CN":"%s","key":{"algo":"ecdsa","size":256},"hosts":[%s]}' "$1" "$2"; }
cat >config.json <<'END'
{"signing":{"profiles":{
  "server":{"expiry":"8760h","usages":["digital signature","server auth"]},
  "client":{"expiry":"8760h","usages":["digital signature","client auth"]}}}}
END
issue() {
  request "$2" "$3" | "$PROGRAM" gencert -ca ca.pem -ca-key ca-key.pem -config config.json -profile "$1" - |
    cfssljson -bare "$1"
}
request 'docker CA' '' | "$PROGRAM" gencert -initca - | cfssljson -bare ca
issue server node1.example.com '"node1.example.com","127.0.0.1"'
issue client alice ''
[ -s server.pem ] && [ -s client-key.pem ]
