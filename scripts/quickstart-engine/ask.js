// What alice's Docker client does first: one request, with her files, to her engine.
import fs from 'node:fs';
import https from 'node:https';

const { DOCKER_HOST, DOCKER_CERT_PATH } = process.env;
const file = (name) => fs.readFileSync(`${DOCKER_CERT_PATH}/${name}`);
const url = `${DOCKER_HOST.replace('tcp:', 'https:')}/_ping`;
https.get(url, { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') }, (response) => {
  response.setEncoding('utf8').on('data', (text) => console.log(`HTTP ${response.statusCode}: ${text}`));
});
