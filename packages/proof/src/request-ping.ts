import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSED, failed, silence } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import { isPing, readAnswer } from './answer.ts';

export type PingOptions = { readonly name: string; readonly patienceMs: number };

/**
 * Sends `GET /_ping` over a connection, and says what came back. No more of an answer is read than it takes to tell;
 * an error after the status line changes nothing about it.
 */
export function requestPing(connection: Duplex, { name, patienceMs }: PingOptions): Promise<ProbeOutcome> {
  // `import` would read all its exports, and WebSocket among them loads undici: 25 ms (scripts/bench).
  const { request } = process.getBuiltinModule('node:http');
  return new Promise((resolve) => {
    const sent = request({
      host: name,
      path: '/_ping',
      headers: { Connection: 'close' },
      createConnection: () => connection,
    });
    let known: ProbeOutcome | undefined;
    const settle = (outcome: ProbeOutcome): void => {
      clearTimeout(patience);
      sent.destroy();
      resolve(outcome);
    };
    // Not the timeout of Node's requests: a byte now and then would put it off.
    const patience = setTimeout(() => settle(known ?? silence(patienceMs)), patienceMs);
    // An engine sends no answer ahead of the real one; each of a flood of them would cost memory.
    sent.once('information', ({ statusCode }) =>
      settle({ kind: 'answered', detail: `HTTP ${statusCode}, before any answer` }),
    );
    // Without a listener, Node hangs up and reports nothing of the answer.
    sent.once('upgrade', (response) => settle(answerOf(response, '')));
    sent.once('response', (response) => {
      known = answerOf(response, '');
      readBody(response, (body) => settle(answerOf(response, body)));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => settle(known ?? afterRequest(error)));
    sent.once('close', () => settle(known ?? CLOSED));
    sent.end();
  });
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, body: string): ProbeOutcome {
  return { ...readAnswer(statusCode, headers, body), headers };
}

/** A server that accepts nobody without a certificate sends its alert unasked: after a request, it proves nothing. */
function afterRequest(error: NodeJS.ErrnoException): ProbeOutcome {
  const outcome = failed(error);
  return outcome.kind === 'rejected'
    ? { ...outcome, kind: 'unclear', detail: `${outcome.detail}, after the request` }
    : outcome;
}

/** Longer than any message of an engine that is read here. */
const LARGEST = 4096;

function readBody(response: http.IncomingMessage, then: (body: string) => void): void {
  let body = '';
  const limit = isPing(response.statusCode ?? 0) ? 'OK'.length : LARGEST;
  response.setEncoding('latin1').on('data', (text: string) => {
    body += text;
    if (body.length > limit) then(body);
  });
  response.once('end', () => then(body)).once('error', () => then(''));
}
