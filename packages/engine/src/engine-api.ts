import { readBody } from './read-body.ts';

const PATIENCE_MS = 10_000;
const LARGEST_ANSWER = 16_000_000;
const FAILED = 500;

/** Where an engine of this machine is asked: its local socket, or where it has none, an address that it serves on. */
export type Door = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Where that is not certain, each of them, the likeliest first. */
export type Doors = readonly Door[];

export function doorsText(doors: Doors): string {
  return doors
    .map((door) => ('socketPath' in door ? door.socketPath : `${door.host}:${door.port}`))
    .join(' or ');
}

/** What the engine answers there; `undefined` when it gives no answer in time, or none that is JSON or `OK`. */
export async function askEngine(
  doors: Doors,
  path: string,
  patienceMs: number = PATIENCE_MS,
): Promise<unknown> {
  const answer = await askFirst(doors, path, patienceMs);
  return answer?.status === 200 ? parse(answer.body) : undefined;
}

/**
 * Is the engine at work there? Its authorization plugins may forbid the ping to a client without a certificate (403), and
 * a port with TLS takes no plain request (400): it takes an engine to say so.
 */
export async function isUp(doors: Doors): Promise<boolean> {
  const answer = await askFirst(doors, '/_ping', PATIENCE_MS);
  return answer !== undefined && answer.status < FAILED;
}

type Answered = { readonly status: number; readonly body: string };

/** The first endpoint that answers, in this order: a later one may be another engine. */
async function askFirst(doors: Doors, path: string, patienceMs: number): Promise<Answered | undefined> {
  for (const door of doors) {
    const answer = await ask(door, path, patienceMs);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function ask(door: Door, path: string, patienceMs: number): Promise<Answered | undefined> {
  // `import` would read all its exports, and WebSocket among them loads undici: 25 ms of each start (scripts/bench).
  const http = process.getBuiltinModule('node:http');
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMs);
    const request = http.get({ ...door, path, agent: false, signal }, (response) => {
      const { statusCode: status = FAILED } = response;
      void readBody(response, LARGEST_ANSWER).then((body) =>
        resolve(body && { status, body: body.toString('utf8') }),
      );
    });
    request.once('error', () => resolve(undefined));
  });
}

function parse(text: string): unknown {
  try {
    return text === 'OK' ? text : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
