import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

/** What an engine opens: its local socket, and the ports that daemon.json names, to clients of its CA alone. */
export type Doors = {
  readonly config: string;
  readonly certificate: string | undefined;
  readonly close: () => Promise<void>;
};

const INSIDE = '/mnt';

/** Opens them as the daemon.json of a machine on paper says. */
export async function startDoors(home: string): Promise<Doors> {
  const file = path.join(home, 'docker/daemon.json');
  const config = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const settings = JSON.parse(config === '' ? '{}' : config) as {
    readonly hosts?: readonly string[];
    readonly tlsverify?: boolean;
    readonly tlscacert?: string;
    readonly tlscert?: string;
    readonly tlskey?: string;
  };
  const read = (name = ''): string => fs.readFileSync(path.join(home, path.relative(INSIDE, name)), 'utf8');
  const ports = (settings.hosts ?? [])
    .filter((host) => host.startsWith('tcp://'))
    .map((host) => Number(new URL(host).port));
  const local = http.createServer(engine);
  const socket = path.join(home, 'run/docker.sock');
  fs.rmSync(socket, { force: true });
  await listen(local, socket);
  const isOpen = ports.length > 0;
  const tls = isOpen
    ? { ca: read(settings.tlscacert), cert: read(settings.tlscert), key: read(settings.tlskey) }
    : undefined;
  const servers = [local];
  for (const port of ports) {
    const isStrict = settings.tlsverify === true;
    const server = https.createServer(
      { ...tls, requestCert: isStrict, rejectUnauthorized: isStrict },
      engine,
    );
    await listen(server, port);
    servers.push(server);
  }
  return {
    config,
    certificate: tls?.cert,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function engine({ url = '' }: http.IncomingMessage, response: http.ServerResponse): void {
  if (url === '/_ping') response.setHeader('Api-Version', 'stand-in').end('OK');
  else if (url === '/info')
    response.end('{"LiveRestoreEnabled": false, "Swarm": {"LocalNodeState": "inactive"}}');
  else response.end('[]');
}

function listen(server: http.Server, where: string | number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
}
