import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

let ca: TestCa;
let visits = 0;
const other = net.createServer((socket) => {
  visits += 1;
  socket.once('error', () => undefined).end();
});

beforeAll(async () => {
  ca = await makeTestCa();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void other.close());

/** What `secure` says of the proof, where an engine of this machine has the same port. */
async function proofLine(...words: readonly string[]): Promise<string> {
  const { port } = other.address() as net.AddressInfo;
  const secured = ['secure', 'node2.invalid', '--client', 'alice', '--config', 'daemon.json'];
  const { stdout } = await ca.run(...secured, '--listen', `0.0.0.0:${port}`, ...words);
  return /not proven.*|.*secured:.*/i.exec(stdout as string)?.[0].replace(`${port}`, 'PORT') ?? '';
}

test('the engine of another machine is not taken for one on this', async () => {
  expect(await proofLine('--out', 'tls', '--certs-dir', '/etc/docker/tls')).toBe(
    'not proven: nothing answers yet at node2.invalid:PORT',
  );
  expect(visits).toBe(0);
});

test('one that reads the pair here may be on this', async () => {
  await proofLine('--out', 'tls', '--certs-dir', `${ca.folder}/tls`);
  const early = visits;
  expect(early).toBeGreaterThan(0);
  await proofLine();
  expect(visits).toBeGreaterThan(early);
});
