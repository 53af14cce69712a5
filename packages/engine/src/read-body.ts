import type { IncomingMessage } from 'node:http';

/** The body of an answer; `undefined` where it is longer than `limit` bytes or breaks off, and then the connection ends. */
export function readBody(response: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) response.destroy();
      else chunks.push(chunk);
    });
    response.once('end', () => resolve(Buffer.concat(chunks)));
    response.once('error', () => resolve(undefined)).once('close', () => resolve(undefined));
  });
}
