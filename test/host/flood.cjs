// Asks an engine to create containers, all at once, each with nearly as large a body as it hands on. The folder of a client is named.
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');

const REQUESTS = 40;
const [, , folder] = process.argv;
const read = (name) => fs.readFileSync(path.join(folder, name));
const body = JSON.stringify({ Image: 'busybox:test', Cmd: ['a'.repeat(3_900_000)] });
const options = {
  host: '127.0.0.1',
  port: 2376,
  method: 'POST',
  path: '/v1.41/containers/create',
  ca: read('ca.pem'),
  cert: read('cert.pem'),
  key: read('key.pem'),
  headers: { 'Content-Type': 'application/json', 'Content-Length': body.length },
};

const ask = () =>
  new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      response.resume();
      response.once('end', () => resolve(String(response.statusCode)));
    });
    request.once('error', reject);
    request.end(body);
  });

Promise.all(Array.from({ length: REQUESTS }, ask)).then((all) =>
  process.stdout.write(JSON.stringify({ statuses: [...new Set(all)].toSorted() })),
);
