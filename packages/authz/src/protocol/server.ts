import http from 'node:http';

/** What the engine reads (moby pkg/authorization/api.go): on a denial `Msg` alone, so `Err` is never used. */
export type Answer = { readonly Allow: boolean; readonly Msg?: string };

export type Handlers = {
  /** `undefined`: the engine sent more than it ever does. */
  readonly request: (bytes: Buffer | undefined) => Promise<Answer>;
  /** Whatever comes of it, the answer is passed on: what it is about has happened. */
  readonly response: (bytes: Buffer) => void;
  readonly status: () => unknown;
  readonly probe: () => unknown;
};

/** 4 MiB of body in base64, headers of up to 1 MiB with escapes, and certificates. */
const LARGEST_CALL = 12 * 1024 * 1024;
const TYPE = 'application/vnd.docker.plugins.v1.2+json';
const ALLOWED: Answer = { Allow: true };

/** The plugin's side of the protocol, version 1. */
export function pluginServer(handlers: Handlers): http.Server {
  const server = http.createServer((request, response) => {
    void handle(request, response, handlers);
  });
  // The engine keeps connections for as long as it likes; one that is closed under it costs a request a second.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.on('clientError', (_, socket) => socket.destroy());
  return server;
}

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { request: decide, response: note, status, probe }: Handlers,
): Promise<void> {
  const bytes = await readBody(request);
  if (bytes === 'broken') return;
  switch (request.method === 'POST' ? request.url : undefined) {
    case '/Plugin.Activate':
      return send(response, { Implements: ['authz'] });
    case '/AuthZPlugin.AuthZReq':
      return send(response, await decide(bytes));
    case '/AuthZPlugin.AuthZRes':
      send(response, ALLOWED);
      return bytes === undefined ? undefined : note(bytes);
    case '/DockerMtls.Status':
      return send(response, status());
    case '/DockerMtls.Probe':
      return send(response, probe());
    default:
      response.writeHead(404).end();
  }
}

function send(response: http.ServerResponse, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(200, { 'Content-Type': TYPE, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** `broken`: the connection ended before the request did, so nobody waits for an answer. */
function readBody(request: http.IncomingMessage): Promise<Buffer | undefined | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_CALL) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => resolve(size <= LARGEST_CALL ? Buffer.concat(chunks) : undefined));
    request.on('error', () => resolve('broken'));
    request.on('close', () => resolve('broken'));
  });
}
