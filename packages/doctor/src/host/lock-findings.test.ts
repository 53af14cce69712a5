import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { askFacts } from '../address/engine-facts.ts';
import { lockFindings } from './container-findings.ts';

let server: http.Server;
afterEach(() => {
  server.close();
});

test.each([
  ['locked', ['DM619']],
  ['active', []],
  ['inactive', []],
])('an engine whose node of the swarm is %s', async (state, expected) => {
  const socketPath = path.join(temporaryFolder(), 's');
  server = http.createServer((_, response) =>
    response.end(JSON.stringify({ Swarm: { LocalNodeState: state } })),
  );
  await once(server.listen(socketPath), 'listening');
  const facts = await askFacts({ door: { socketPath }, patienceMs: 5000 });
  expect(lockFindings('/x', facts).map(({ id }) => id)).toEqual(expected);
});
