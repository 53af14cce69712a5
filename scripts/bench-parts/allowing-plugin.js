// The least that an authorization plugin can do: it reads what the engine sends, and allows it. SOCKET is where it listens.
import http from 'node:http';

const [socket] = process.argv.slice(2);
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    const isAsked = request.url !== '/Plugin.Activate';
    const text = JSON.stringify(isAsked ? { Allow: true } : { Implements: ['authz'] });
    response.writeHead(200, { 'Content-Length': Buffer.byteLength(text) }).end(text);
  });
});
server.keepAliveTimeout = 0;
server.listen(socket, () => process.stdout.write('ready\n'));
