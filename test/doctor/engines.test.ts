import fs from 'node:fs';
import path from 'node:path';
import { askThroughContext, checkContext, createContext, readContext } from '@docker-mtls/context';
import type { ClientCredentials, Diagnosis } from '@docker-mtls/doctor';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { diagnosisOf, idsOf } from '../support/doctor.ts';
import { startEngine } from '../support/engine.ts';
import type { Engine } from '../support/engine.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { engineNeeds } from '../support/needs.ts';
import { makeProofSetup } from '../support/proof-order.ts';
import type { ProofSetup } from '../support/proof-order.ts';
import { temporaryFolder } from '../support/temp.ts';
import { issuePair, makeAuthority } from '../support/test-ca.ts';
import { haproxy } from '../support/tls-servers.ts';

const SLOW = 120_000;
const ABOUT_ITS_VERSION = ['DM616', 'DM617'];

async function diagnose(
  version: EngineVersion,
  setup: ProofSetup,
  changes: Record<string, unknown>,
): Promise<Diagnosis> {
  const folder = temporaryFolder();
  const port = await freePort();
  const { ca: tlscacert, certificate: tlscert, key: tlskey } = setup.files;
  const hosts = [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`];
  const configFile = path.join(folder, 'daemon.json');
  fs.writeFileSync(configFile, JSON.stringify({ hosts, tlscacert, tlscert, tlskey, ...changes }));
  const engine = await startEngine({ version, configFile });
  const client: ClientCredentials = {
    roots: [fs.readFileSync(tlscacert, 'utf8')],
    pair: issuePair(setup.authority, 'client', { name: 'alice' }),
  };
  const diagnosis = await diagnosisOf(`tcp://127.0.0.1:${port}`, { client });
  await engine.stop();
  return diagnosis;
}

/** What `context check` reports of an engine, asked through a context. */
async function reported(at: number, { roots, pair }: ClientCredentials): Promise<readonly string[]> {
  const docker = temporaryFolder();
  const [ca = ''] = roots;
  const { certificate, key } = pair;
  const tls = { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: Buffer.from(key) };
  createContext(docker, { name: 'node1', host: `tcp://127.0.0.1:${at}`, tls });
  const context = readContext(docker, 'node1');
  const seen = checkContext(context, { now: new Date(), env: {}, within: 0 });
  const answer = await askThroughContext(context, seen);
  return 'problems' in answer ? answer.problems.map(({ problem }) => problem) : [answer.notAsked];
}

const others = (diagnosis: Diagnosis): readonly string[] =>
  idsOf(diagnosis).filter((id) => !ABOUT_ITS_VERSION.includes(id));

describeNeeding(engineNeeds('28.5'), 'engine 28.5', () => {
  test(
    'that verifies its clients has no findings but those about its version',
    async () => {
      const diagnosis = await diagnose('28.5', makeProofSetup(), { tlsverify: true });
      expect(others(diagnosis)).toEqual([]);
      // Without its package it is not known what Debian has fixed in it.
      expect(idsOf(diagnosis)).toEqual(['DM617']);
    },
    SLOW,
  );
});

describeNeeding(engineNeeds('20.10'), 'engine 20.10', () => {
  test(
    'with TLS that asks for no certificate',
    async () => {
      expect(others(await diagnose('20.10', makeProofSetup(), { tls: true, tlsverify: false }))).toEqual([
        'DM102',
      ]);
    },
    SLOW,
  );
});

describeNeeding(engineNeeds('26.1'), 'engine 26.1', () => {
  test(
    'with files for TLS, and without TLS',
    async () => {
      const diagnosis = await diagnose('26.1', makeProofSetup(), { 'shutdown-timeout': 5 });
      expect(others(diagnosis)).toEqual(['DM101']);
      // An open engine tells its version to everybody.
      expect(idsOf(diagnosis)).toContain('DM617');
    },
    SLOW,
  );
});

describeNeeding(
  ['haproxy', ...engineNeeds('28.5')],
  'an engine as its clients and what is in front of it see it',
  () => {
    const setup = makeProofSetup();
    const folder = temporaryFolder();
    const alice: ClientCredentials = {
      roots: [fs.readFileSync(setup.files.ca, 'utf8')],
      pair: issuePair(setup.authority, 'client', { name: 'alice' }),
    };
    const other = makeAuthority('another CA', 'ec-p256');
    let engine: Engine;
    let port: number;

    beforeAll(async () => {
      port = await freePort();
      const { ca: tlscacert, certificate: tlscert, key: tlskey } = setup.files;
      const hosts = [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`];
      const configFile = path.join(folder, 'daemon.json');
      fs.writeFileSync(configFile, JSON.stringify({ hosts, tlsverify: true, tlscacert, tlscert, tlskey }));
      engine = await startEngine({ version: '28.5', configFile });
    }, SLOW);

    const found = async (
      at: number,
      order: Parameters<typeof diagnosisOf>[1] = {},
    ): Promise<readonly string[]> =>
      others(await diagnosisOf(`tcp://127.0.0.1:${at}`, { client: alice, ...order }));
    /** Ends TLS in front of the engine's local socket. */
    const behind = async (bind: string): Promise<number> => {
      const at = await freePort();
      const front = `bind 127.0.0.1:${at} ssl crt ${setup.joined} ca-file ${setup.files.ca} ${bind}`;
      await haproxy(`listen l\n  mode http\n  ${front}\n  server e unix@${engine.socket}`, at);
      return at;
    };

    test('a client of its CA, and a proxy that asks for one, find nothing', async () => {
      expect(await found(port)).toEqual([]);
      expect(await found(await behind('verify required'))).toEqual([]);
    });

    test('a client of another CA is rejected, and one that does not know the CA mistrusts the engine', async () => {
      const pair = issuePair(other.authority, 'client', { name: 'alice' });
      expect(await found(port, { client: { ...alice, pair } })).toEqual(['DM132']);
      expect(await found(port, { client: { ...alice, roots: [other.pem] } })).toEqual(['DM128']);
    });

    test('a context is served, unless its client, its CA or its port is another', async () => {
      const stranger = issuePair(other.authority, 'client', { name: 'alice' });
      expect(await reported(port, alice)).toEqual([]);
      expect(await reported(port, { ...alice, pair: stranger })).toEqual(['engine-refuses']);
      expect(await reported(port, { roots: [other.pem], pair: stranger })).toEqual(['engine-not-trusted']);
      expect(await reported(await freePort(), alice)).toEqual(['engine-unreachable']);
    });

    test('clocks that differ are seen', async () => {
      expect(await found(port, { now: () => new Date(Date.now() + 600_000) })).toEqual(['DM137']);
    });

    test('a proxy that takes the certificates of any CA is seen', async () => {
      const any = 'verify required ca-ignore-err all crt-ignore-err all';
      expect(await found(await behind(any))).toEqual(['DM103']);
    });

    test('a proxy that speaks HTTP/2, past which a plugin may not be asked, is seen', async () => {
      expect(await found(await behind('verify required alpn h2,http/1.1'))).toEqual(['DM505']);
    });

    test('one that hangs is silent, and a proxy in front of it answers in its place', async () => {
      const front = await behind('verify required\n  timeout server 500ms');
      process.kill(engine.pid, 'SIGSTOP');
      try {
        expect(await found(port, { patienceMs: 1000 })).toEqual(['DM134']);
        expect(await found(front, { patienceMs: 3000 })).toEqual(['DM133']);
      } finally {
        process.kill(engine.pid, 'SIGCONT');
      }
    });
  },
);
