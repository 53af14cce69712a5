import { readBody } from '../read-body.ts';

/** What came of a request to a local socket; undefined where no answer came in time. */
export type LocalAnswer = { readonly status: number; readonly text: string };

type Question = {
  readonly socketPath: string;
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

const PATIENCE_MS = 20_000;
const LARGEST_ANSWER = 1_000_000;

export function askLocally({
  socketPath,
  method = 'POST',
  path,
  headers = {},
  body,
}: Question): Promise<LocalAnswer | undefined> {
  // Not imported, for the reason that engine-api.ts gives.
  const http = process.getBuiltinModule('node:http');
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const request = http.request({ socketPath, method, path, headers, agent: false, signal }, (response) => {
      void readBody(response, LARGEST_ANSWER).then((bytes) =>
        resolve(bytes && { status: response.statusCode ?? 0, text: bytes.toString('utf8') }),
      );
    });
    request.on('error', () => resolve(undefined));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What a plugin answers, where that is JSON. */
export async function askPlugin(
  socketPath: string,
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const answer = await askLocally({ socketPath, path, body });
  if (answer?.status !== 200) return undefined;
  try {
    return JSON.parse(answer.text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Does the engine ask this plugin about requests, and do what it says? A request that the plugin denies has to be denied in its words. */
export async function isAskedByEngine(pluginSocket: string, engineSocket: string): Promise<boolean> {
  const secret = (await askPlugin(pluginSocket, '/DockerMtls.Probe'))?.['secret'];
  if (typeof secret !== 'string') return false;
  const answer = await askLocally({
    socketPath: engineSocket,
    method: 'GET',
    path: '/version',
    headers: { 'X-Docker-Mtls-Probe': secret },
  });
  return answer?.status === 403 && answer.text.includes(secret);
}
