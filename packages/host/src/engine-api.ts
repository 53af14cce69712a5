import http from 'node:http';

const PATIENCE_MS = 10_000;
const LARGEST_ANSWER = 16_000_000;

/** What the engine answers on its local socket; `undefined` when it gives no answer, or none that is JSON or `OK`. */
export function askEngine(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path, agent: false, timeout: PATIENCE_MS }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST_ANSWER) request.destroy();
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(response.statusCode === 200 ? parse(chunks) : undefined));
      response.on('error', () => resolve(undefined));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
}

function parse(chunks: readonly Buffer[]): unknown {
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text === 'OK' ? text : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
