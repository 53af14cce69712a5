import http from 'node:http';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../../../../test/support/cleanup.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { recordingEngine } from '../../../../test/support/recording-engine.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority, type TestPair } from '../../../../test/support/test-ca.ts';
import { createContext } from '../store/write-contexts.ts';
import { readContext, type StoredContext } from '../store/read-contexts.ts';
import { askThroughContext } from './ask-engine.ts';
import { checkContext } from './check-context.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const OTHER = makeAuthority('another CA', 'ec-p256');
const ALICE = issuePair(CA.authority, 'client', { name: 'alice' });
const STRANGER = issuePair(OTHER.authority, 'client', { name: 'alice' });
const SERVER = issuePair(CA.authority, 'server', { name: 'localhost', sans: ['localhost'] });
const ELSEWHERE = issuePair(CA.authority, 'server', { name: 'node9', sans: ['node9'] });
const FOREIGN = issuePair(OTHER.authority, 'server', { name: 'localhost', sans: ['localhost'] });

function contextFor(port: number, { certificate, key }: TestPair = ALICE): StoredContext {
  const folder = path.join(temporaryFolder(), '.docker');
  const tls = { ca: Buffer.from(CA.pem), certificate: Buffer.from(certificate), key: Buffer.from(key) };
  createContext(folder, { name: 'node1', host: `tcp://localhost:${port}`, tls });
  return readContext(folder, 'node1');
}

async function answerTo(context: StoredContext, env: Readonly<Record<string, string>> = {}) {
  return askThroughContext(context, checkContext(context, { now: new Date(), env, within: 0 }));
}

function askedAt(socket: string): Promise<unknown> {
  return answerTo({ ...contextFor(9), host: `unix://${socket}`, usesTls: false, tls: {} });
}

function newSocket(): string {
  return path.join(temporaryFolder(), 'd.sock');
}

async function listening(status: number): Promise<string> {
  const socket = newSocket();
  const engine = http.createServer((_, response) => response.writeHead(status).end('OK'));
  onCleanup(() => void engine.close());
  await new Promise<void>((resolve) => void engine.listen(socket, resolve));
  return socket;
}

// The engines are stand-ins: none of Docker's own presents a wrong certificate on demand.
describe('askEngine', () => {
  test('finds nothing wrong with an engine that answers', async () => {
    const { port } = await recordingEngine({ ca: CA.pem, ...SERVER });
    expect(await answerTo(contextFor(port))).toEqual({ problems: [] });
  });

  test('reports an engine that is down', async () => {
    expect(await answerTo(contextFor(await freePort()))).toMatchObject({
      problems: [
        {
          problem: 'engine-unreachable',
          severity: 'error',
          message: expect.stringContaining('the connection was refused'),
        },
      ],
    });
  });

  test.each([
    ['for another name', ELSEWHERE, 'not valid for the name'],
    ['of another CA', FOREIGN, 'another CA'],
  ])('reports an engine whose certificate is %s', async (_, pair, says) => {
    const { port } = await recordingEngine({ ca: CA.pem, ...pair });
    expect(await answerTo(contextFor(port))).toMatchObject({
      problems: [{ problem: 'engine-not-trusted', message: expect.stringContaining(says) }],
    });
  });

  test('reports an engine that refuses the client', async () => {
    const { port } = await recordingEngine({ ca: CA.pem, ...SERVER });
    expect(await answerTo(contextFor(port, STRANGER))).toMatchObject({
      problems: [{ problem: 'engine-refuses', message: expect.stringContaining('refuses this client') }],
    });
  });

  test.each([401, 403, 500])('reports an engine that answers with status %d', async (status) => {
    const { port } = await recordingEngine({ ca: CA.pem, ...SERVER }, { status });
    expect(await answerTo(contextFor(port))).toMatchObject({
      problems: [{ problem: 'engine-refuses', message: expect.stringContaining(`HTTP ${status}`) }],
    });
  });

  describe('over a local socket', () => {
    test('finds nothing wrong with an engine that answers', async () => {
      expect(await askedAt(await listening(200))).toEqual({ problems: [] });
    });

    test('reports an engine that is down, and one that refuses', async () => {
      expect(await askedAt(newSocket())).toMatchObject({
        problems: [{ problem: 'engine-unreachable', message: expect.stringContaining('no such socket') }],
      });
      expect(await askedAt(await listening(403))).toMatchObject({
        problems: [{ problem: 'engine-refuses', message: expect.stringContaining('HTTP 403') }],
      });
    });
  });

  test('never connects where something is wrong, or through a proxy', async () => {
    const { port, plain, tls } = await recordingEngine({ ca: CA.pem, ...SERVER });
    const context = contextFor(port);
    for (const change of [
      { usesTls: false, tls: {} },
      { skipTlsVerify: true },
      { tls: { ...context.tls, key: Buffer.from('x') } },
    ])
      expect(await answerTo({ ...context, ...change })).toEqual({
        notAsked: expect.stringContaining('not asked'),
      });
    const proxied = { ...context, host: `tcp://0.0.0.0:${port}` };
    expect(await answerTo(proxied, { HTTPS_PROXY: 'http://127.0.0.1:9' })).toEqual({
      notAsked: expect.stringContaining('through a proxy'),
    });
    expect({ plain, tls: tls() }).toEqual({ plain: [], tls: 0 });
  });
});
