// What a command cannot do without, done by Node itself with nothing around it: keys, signatures, the registry's engine,
// and every sync to the disk, in the number of the command's own. The contents mean nothing.
//
//   node floor.cjs issue-client|secure FILE     (libsql, where Node has no SQLite of its own)
const crypto = require('node:crypto');
const fs = require('node:fs');

const [what, libsql] = process.argv.slice(2);
const BYTES = Buffer.alloc(600);

const JOBS = {
  // Before it: a run of `prepare`.
  'issue-client': () => {
    const key = crypto.createPrivateKey(fs.readFileSync('ca-key.pem'));
    const registry = openRegistry();
    certify(key);
    writeDurably(['key.pem', 'ca.pem'], 3);
    record(registry);
    writeDurably(['cert.pem'], 1);
  },
  secure: () => {
    const net = require('node:net');
    const zlib = require('node:zlib');
    const key = newCaKey();
    certify(key);
    const registry = openRegistry();
    writeDurably(['ca-key.pem', 'README.md', 'ca.json', 'client.json', 'server.json'], 4);
    create(registry);
    writeDurably(['ca.pem', 'crl.pem'], 1);
    for (const kind of ['server', 'client']) {
      certify(key);
      writeDurably([`${kind}-key.pem`, `${kind}-ca.pem`], 3);
    }
    record(registry);
    for (const kind of ['server', 'client']) writeDurably([`${kind}-cert.pem`], 1);
    for (const file of ['undo.json', 'daemon.json', 'alice.tar.gz']) writeDurably([file], 1);
    zlib.crc32?.(BYTES);
    net.connect({ host: '127.0.0.1', port: 1 }).on('error', () => {});
  },
  prepare: () => {
    fs.writeFileSync('ca-key.pem', newCaKey().export({ format: 'pem', type: 'pkcs8' }));
    create(openRegistry());
  },
};

JOBS[what]();

function newCaKey() {
  const key = newKey();
  const point = key.getPublicKey();
  const octets = { d: key.getPrivateKey(), x: point.subarray(1, 33), y: point.subarray(33) };
  const texts = Object.entries(octets).map(([name, bytes]) => [name, bytes.toString('base64url')]);
  const jwk = { kty: 'EC', crv: 'P-256', ...Object.fromEntries(texts) };
  return crypto.createPrivateKey({ format: 'jwk', key: jwk });
}

function newKey() {
  const key = crypto.createECDH('prime256v1');
  key.generateKeys();
  return key;
}

function certify(key) {
  newKey();
  crypto.hash('sha256', crypto.sign('sha256', BYTES, key));
}

function openRegistry() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOwn = major === 24 ? minor >= 15 : major > 25;
  const Database = isOwn ? require('node:sqlite').DatabaseSync : require(libsql);
  const database = new Database('registry.db');
  return (sql) => {
    database.exec(sql);
    // The registry's own lock has SQLite sync once more at each change.
    syncFolder();
  };
}

function create(registry) {
  registry('CREATE TABLE certificates (der BLOB)');
}

function record(registry) {
  registry(`BEGIN EXCLUSIVE; INSERT INTO certificates VALUES (x'${BYTES.toString('hex')}'); COMMIT`);
}

function writeDurably(files, folders) {
  for (const file of files) fs.writeFileSync(file, BYTES, { mode: 0o600, flush: true });
  for (let folder = 0; folder < folders; folder += 1) syncFolder();
}

function syncFolder() {
  const folder = fs.openSync('.', 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}
