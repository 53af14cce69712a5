import fs from 'node:fs';
import https from 'node:https';

/**
 * A stand-in for the engine's TLS door, configured from the daemon.json alone. It answers `/_ping` and nothing
 * else: it shows who gets in, not what an engine does.
 */
export async function startStandIn({ config, why }) {
  const { hosts, tlsverify, tlscacert, tlscert, tlskey } = JSON.parse(fs.readFileSync(config, 'utf8'));
  const address = new URL(hosts.find((host) => host.startsWith('tcp://')));
  const server = https.createServer(
    {
      ca: fs.readFileSync(tlscacert),
      cert: fs.readFileSync(tlscert),
      key: fs.readFileSync(tlskey),
      requestCert: tlsverify,
      rejectUnauthorized: tlsverify,
    },
    (_request, response) => response.writeHead(200, { 'Api-Version': 'stand-in' }).end('OK'),
  );
  await new Promise((resolve) => server.listen(Number(address.port), address.hostname, resolve));
  return {
    what: `a stand-in for the engine's TLS door, configured from that file (no real engine: ${why})`,
    isDocker: false,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
