/** What `docker system dial-stdio` is asked through ssh: the engine's own ping, once. */
export const PING: string = 'GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n';

/** What came back: the engine's answer, and what was in its way. */
export type EngineAnswer = {
  /** What stood before the answer, or instead of it; a client of the engine reads it as the answer, and fails. */
  readonly noise: string;
  /** The HTTP status, when the engine answered. */
  readonly status: number | undefined;
  /** The highest version of the API that the engine speaks. */
  readonly apiVersion: string | undefined;
  /** What the engine said to it. */
  readonly body: string;
};

const HEAD = /HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

export function readEngineAnswer(stdout: string): EngineAnswer {
  const head = HEAD.exec(stdout);
  if (head === null) return { noise: stdout.trim(), status: undefined, apiVersion: undefined, body: '' };
  const [all, status, fields = ''] = head;
  return {
    noise: stdout.slice(0, head.index),
    status: Number(status),
    apiVersion: /^api-version: *(\S+)/im.exec(fields)?.[1],
    body: stdout.slice(head.index + all.length).trim(),
  };
}
