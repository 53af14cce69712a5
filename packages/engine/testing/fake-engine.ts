import fs from 'node:fs';
import http from 'node:http';
import { afterEach } from '@jest/globals';

/** What an engine tells on its local socket; a test changes it as it goes. */
export type FakeEngine = {
  isUp: boolean;
  /** Does a plugin of its forbid everything to clients here? */
  isForbidden: boolean;
  liveRestore: boolean;
  version: string;
  readonly containers: {
    readonly Id: string;
    readonly Names: readonly string[];
    readonly AutoRemove?: boolean;
  }[];
  swarm: Readonly<Record<string, unknown>>;
  nodes: readonly unknown[];
  /** What GET /swarm tells a manager. */
  cluster: unknown;
};

/** Opens a local socket, or a port of this machine, on which an engine answers what it is told to, until the test ends. */
export async function fakeEngine(socket: string | number): Promise<FakeEngine> {
  const engine: FakeEngine = {
    isUp: true,
    isForbidden: false,
    liveRestore: false,
    version: '28.5.2',
    containers: [],
    swarm: {},
    nodes: [],
    cluster: {},
  };
  const answers: Readonly<Record<string, () => unknown>> = {
    '/_ping': () => 'OK',
    '/info': () => ({
      ServerVersion: engine.version,
      LiveRestoreEnabled: engine.liveRestore,
      Swarm: engine.swarm,
    }),
    '/containers/json': () => engine.containers,
    '/nodes': () => engine.nodes,
    '/swarm': () => engine.cluster,
  };
  const server = http.createServer(({ url = '' }, response) => {
    const answer = answers[url]?.() ?? containerAt(engine, url);
    if (!engine.isUp || answer === undefined) response.writeHead(503).end();
    else if (engine.isForbidden) response.writeHead(403).end('{"message":"denied"}');
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) =>
    server.listen(
      typeof socket === 'string' ? { path: socket } : { host: '127.0.0.1', port: socket },
      resolve,
    ),
  );
  servers.push(server);
  return engine;
}

function containerAt({ containers }: FakeEngine, url: string): unknown {
  const id = /^\/containers\/(\w+)\/json$/.exec(url)?.[1];
  const found = containers.find(({ Id }) => Id === id);
  return found && { HostConfig: { AutoRemove: found.AutoRemove === true } };
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Does daemon.json say that containers run on? What a reload of a real engine would take over. */
export function saysLiveRestore(config: string): boolean {
  const text = fs.existsSync(config) ? fs.readFileSync(config, 'utf8') : '{}';
  return (JSON.parse(text) as Record<string, unknown>)['live-restore'] === true;
}
