import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseEngineFlags } from '@docker-mtls/daemon-config';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { locateEngine } from './local-engine.ts';
import type { RunningEngine } from './running-engines.ts';
import { servingEngines } from './serving-engines.ts';
import type { ServingEngines } from './serving-engines.ts';

const NO_SERVICES = { manager: undefined, running: [] } as const;

function configWith(text: string): string {
  const config = path.join(temporaryFolder(), 'daemon.json');
  fs.writeFileSync(config, text);
  return config;
}

function running(config: string, ...args: readonly string[]): RunningEngine {
  const flags = parseEngineFlags(args);
  return {
    pid: 1,
    program: undefined,
    arguments: args,
    flags,
    config,
    unit: undefined,
    isInOwnNetwork: false,
  };
}

/** The engines, where one reads this file and has these arguments; where they are missing, none runs. */
function serving(text: string, args?: readonly string[]): Promise<ServingEngines> {
  const config = configWith(text);
  const engine = locateEngine({ config }, { env: {}, platform: 'linux', uid: 0 }, NO_SERVICES);
  return servingEngines(engine, args === undefined ? [] : [running(config, ...args)]);
}

const TLS = '"tlsverify": true, "tlscert": "/a/cert.pem", "tlscacert": "/a/ca.pem", "tlskey": "/a/key.pem"';

describe('where this machine reaches its engine is read', () => {
  test.each<[string, string, readonly string[] | undefined, string, number]>([
    ['from daemon.json', `{"hosts": ["unix://", "tcp://0.0.0.0:2376"], ${TLS}}`, [], '127.0.0.1', 2376],
    ['from flags', `{${TLS}}`, ['-H', 'tcp://10.0.0.5:2399'], '10.0.0.5', 2399],
    ['for IPv6', `{"hosts": ["tcp://[::]:2376"], ${TLS}}`, [], '::1', 2376],
    ['of one that does not run', `{"hosts": ["tcp://0.0.0.0:2376"], ${TLS}}`, undefined, '127.0.0.1', 2376],
  ])('%s', async (_, text, args, host, port) => {
    const { engines, unreadable } = await serving(text, args);
    expect(unreadable).toEqual([]);
    expect(engines).toMatchObject([
      {
        addresses: [{ host, port }],
        usesTls: true,
        certificateFile: '/a/cert.pem',
      },
    ]);
  });
});

test('a certificate may be named by a flag', async () => {
  const { engines } = await serving('{"hosts": ["tcp://127.0.0.1:2376"]}', [
    '--tls',
    '--tlscert=/f/cert.pem',
  ]);
  expect(engines).toMatchObject([{ usesTls: true, certificateFile: '/f/cert.pem' }]);
});

test('a port without TLS is told from one with it', async () => {
  const { engines } = await serving('{"hosts": ["tcp://127.0.0.1:2375"]}', []);
  expect(engines).toMatchObject([{ usesTls: false, certificateFile: undefined }]);
});

test.each([
  ['listens on its socket alone', '{"hosts": ["unix://"]}'],
  ['has an empty file', ''],
])('an engine that %s does not serve on the network', async (_, text) => {
  expect(await serving(text, [])).toEqual({ engines: [], unreadable: [] });
});

test.each(['no JSON', '{"hosts": "tcp://1.2.3.4:2376"}', '{"hosts": ["http://x"]}', '\u0000'])(
  'an engine whose daemon.json is %j cannot be read, and that is reported',
  async (text) => {
    const { engines, unreadable } = await serving(text, []);
    expect(engines).toEqual([]);
    expect(unreadable).toEqual([
      { config: expect.any(String), reason: expect.stringContaining('daemon.json') },
    ]);
  },
);
