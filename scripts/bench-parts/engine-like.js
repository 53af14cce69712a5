// A server that verifies its clients and answers as an engine does, on every address of this machine; FOLDER has its files.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name));
const answers = {
  '/_ping': 'OK',
  '/version': JSON.stringify({ Version: '29.10.1', Platform: { Name: 'Docker Engine - Community' } }),
  '/info': JSON.stringify({
    ContainersRunning: 0,
    LiveRestoreEnabled: true,
    Swarm: { LocalNodeState: 'inactive' },
  }),
};
const options = {
  ca: read('ca.pem'),
  cert: read('server-cert.pem'),
  key: read('server-key.pem'),
  requestCert: true,
  rejectUnauthorized: true,
};
const server = https.createServer(options, ({ url = '' }, response) => {
  response.setHeader('Api-Version', '1.57');
  response.end(answers[url] ?? '');
});
server.on('tlsClientError', (_, socket) => socket.destroy());
server.listen(0, '0.0.0.0', () => process.stdout.write(`${server.address().port}\n`));
