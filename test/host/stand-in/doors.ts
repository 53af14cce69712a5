import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { opensslServerAt } from '../../support/tls-servers.ts';

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
  const placeOf = (name = ''): string => path.join(home, path.relative(INSIDE, name));
  const ports = (settings.hosts ?? [])
    .filter((host) => host.startsWith('tcp://'))
    .map((host) => Number(new URL(host).port));
  const local = http.createServer(engine);
  const socket = path.join(home, 'run/docker.sock');
  fs.rmSync(socket, { force: true });
  await listen(local, socket);
  const files = {
    ca: placeOf(settings.tlscacert),
    certificate: placeOf(settings.tlscert),
    key: placeOf(settings.tlskey),
  };
  const isOpen = ports.length > 0;
  // Node's own server hangs up on the clients of another CA; OpenSSL's rejects them with an alert, as an engine does.
  const strict = settings.tlsverify === true ? ['-Verify', '1', '-verify_return_error'] : [];
  const servers = await Promise.all(ports.map((port) => opensslServerAt(port, files, strict)));
  return {
    config,
    certificate: isOpen ? fs.readFileSync(files.certificate, 'utf8') : undefined,
    close: async () => {
      local.closeAllConnections();
      await new Promise((resolve) => local.close(resolve));
      for (const { stop } of servers) await stop();
    },
  };
}

function engine({ url = '' }: http.IncomingMessage, response: http.ServerResponse): void {
  if (url === '/_ping') response.setHeader('Api-Version', 'stand-in').end('OK');
  else if (url === '/info')
    response.end('{"LiveRestoreEnabled": false, "Swarm": {"LocalNodeState": "inactive"}}');
  else response.end('[]');
}

function listen(server: http.Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}
