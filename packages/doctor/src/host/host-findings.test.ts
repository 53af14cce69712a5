import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { parseDaemonConfig, parseEngineFlags } from '@docker-mtls/daemon-config';
import type { HostUnit } from '@docker-mtls/engine';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { makeAuthority } from '../../../../test/support/test-ca.ts';
import type { FoundFinding } from '../found.ts';
import { configFindings } from './config-findings.ts';
import { changeableFindings, keyFileFindings } from './file-findings.ts';
import { groupFindings } from './group-findings.ts';
import { engineBuild } from '@docker-mtls/engine/version';
import { grpcFindings, hostPluginFindings } from './plugin-findings.ts';
import { rootlessFindings } from './rootless-findings.ts';
import { trustedCaFindings } from './trusted-ca-findings.ts';

const ids = (findings: readonly FoundFinding[]): readonly string[] => findings.map(({ id }) => id);

const FILES = '"tlscacert": "/a/ca.pem", "tlscert": "/a/cert.pem", "tlskey": "/a/key.pem"';
const SECURED = `{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true, ${FILES}}`;

describe('daemon.json and flags', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['that are secured', SECURED, ['-H', 'fd://'], []],
    ['that say nothing', '{}', [], []],
    ['with TLS that verifies since 20.10', `{"tls": true, ${FILES}}`, [], []],
    ['with TLS by flags', '{}', ['--tlsverify', '--tlscacert=/a', '--tlscert=/b', '--tlskey=/c'], []],
    ['with metrics for this machine', '{"metrics-addr": "127.0.0.1:9323"}', [], []],
    ['with metrics for everybody', '{"metrics-addr": ":9323"}', [], ['DM139']],
    ['with metrics for everybody by a flag', '{}', ['--metrics-addr=0.0.0.0:9323'], ['DM139']],
    ['with files alone', `{${FILES}}`, [], ['DM116']],
    ['that verify nobody', `{"tlsverify": false, ${FILES}}`, [], ['DM102']],
    ['without a CA', '{"tlsverify": true, "tlscert": "/b", "tlskey": "/c"}', [], ['DM109']],
    ['without a CA by a flag', '{}', ['--tlsverify', '--tlscert=/b', '--tlskey=/c'], ['DM109']],
    ['with a key that is ignored', '{"label": ["a=b"]}', [], ['DM117']],
    ['with a plugin under a key that is ignored', '{"authorization-plugin": ["p"]}', [], ['DM503']],
    ['with a plugin by a flag', '{}', ['--authorization-plugin=p'], ['DM504']],
    ['with a plugin', '{"authorization-plugins": ["p"]}', [], []],
  ])('%s', (_, json, words, expected) => {
    const order = {
      config: '/x',
      document: parseDaemonConfig(Buffer.from(json)),
      flags: parseEngineFlags(words),
    };
    expect(ids(configFindings(order))).toEqual(expected);
  });
});

function findingsOf(text: string, lookUp?: () => string | undefined): readonly string[] {
  const file = path.join(temporaryFolder(), 'ca.pem');
  fs.writeFileSync(file, text);
  return ids(trustedCaFindings(file, lookUp).found);
}

describe('the file that tlscacert names', () => {
  const [one, other] = [makeAuthority('one', 'ec-p256').pem, makeAuthority('other', 'ec-p256').pem];

  test.each([
    ['with one CA', one, []],
    ['with the same CA twice', one + one, []],
    ['with two CAs', one + other, ['DM107']],
    ['with a public CA', one + (tls.rootCertificates[0] ?? ''), ['DM110']],
    ['with nothing', '', ['DM112']],
    ['with half a certificate', one.slice(0, 200), ['DM112']],
  ])('%s', (_, text, expected) => {
    expect(findingsOf(text)).toEqual(expected);
  });

  test('with a CA whose key was published', () => {
    expect(findingsOf(one, () => 'a book')).toEqual(['DM111']);
  });

  test('that is missing', () => {
    expect(ids(trustedCaFindings('/nowhere/ca.pem').found)).toEqual(['DM112']);
  });
});

describe('the files of an engine', () => {
  const owner = process.geteuid?.() ?? 0;
  let folder: string;
  let key: string;
  beforeEach(() => {
    folder = temporaryFolder();
    key = path.join(folder, 'key.pem');
    fs.writeFileSync(key, 'x', { mode: 0o600 });
  });

  test('a key for its owner alone', () => {
    expect(keyFileFindings(key, owner)).toEqual({ found: [], unseen: [] });
  });

  test.each([0o640, 0o604, 0o644])('a key of mode %o', (mode) => {
    fs.chmodSync(key, mode);
    expect(ids(keyFileFindings(key, owner).found)).toEqual(['DM601']);
  });

  test('a key of another user', () => {
    expect(ids(keyFileFindings(key, owner + 1).found)).toEqual(['DM602']);
  });

  test('a link in a folder that others can change', () => {
    const open = path.join(folder, 'open');
    fs.mkdirSync(open);
    fs.symlinkSync(key, path.join(open, 'key.pem'));
    expect(keyFileFindings(path.join(open, 'key.pem'), owner).found).toEqual([]);
    fs.chmodSync(open, 0o777);
    expect(ids(keyFileFindings(path.join(open, 'key.pem'), owner).found)).toEqual(['DM603']);
  });

  test('a link on the way to it', () => {
    const open = path.join(folder, 'open');
    fs.mkdirSync(open);
    fs.symlinkSync(folder, path.join(open, 'tls'));
    fs.chmodSync(open, 0o777);
    expect(ids(keyFileFindings(path.join(open, 'tls/key.pem'), owner).found)).toEqual(['DM603']);
  });

  test('a loop of links ends', () => {
    fs.symlinkSync('loop', path.join(folder, 'loop'));
    expect(keyFileFindings(path.join(folder, 'loop'), owner).unseen).toHaveLength(1);
  });

  test('a daemon.json that others can change, by itself or by its folder', () => {
    const findings = (): readonly string[] => ids(changeableFindings(key, 'config-writable', owner).found);
    expect(findings()).toEqual([]);
    fs.chmodSync(folder, 0o777);
    expect(findings()).toEqual(['DM605']);
    fs.chmodSync(folder, 0o700);
    fs.chmodSync(key, 0o666);
    expect(findings()).toEqual(['DM605']);
  });
});

describe('the group docker', () => {
  const users = 'root:x:0:0\nada:x:1000:1000\nbob:x:1001:998\n';
  test.each([
    ['without members', 'root:x:0:\ndocker:x:999:\n', []],
    ['that does not exist', 'root:x:0:\n', []],
    ['with a member', 'docker:x:999:ada\n', ['DM609']],
    ["that is somebody's first group", 'docker:x:998:\n', ['DM609']],
  ])('%s', (_, groups, expected) => {
    expect(ids(groupFindings('docker', { groups, users }))).toEqual(expected);
  });
});

describe('an authorization plugin', () => {
  let sockets: string;
  const running: net.Server[] = [];
  beforeEach(() => {
    sockets = temporaryFolder();
  });
  afterEach(() => running.splice(0).forEach((server) => server.close()));

  async function listen(file: string): Promise<net.Server> {
    const server = net.createServer((socket) => socket.destroy());
    running.push(server);
    server.listen(file);
    await once(server, 'listening');
    return server;
  }

  async function found(
    name: string,
    { started = [name], managed = [] }: { started?: readonly string[]; managed?: readonly string[] } = {},
  ): Promise<readonly string[]> {
    return ids(await hostPluginFindings({ subject: '/x', named: [name], started, managed, sockets }));
  }

  test('that listens', async () => {
    await listen(path.join(sockets, 'p.sock'));
    expect(await found('p')).toEqual([]);
  });

  test('whose socket nobody listens on', async () => {
    const server = await listen(path.join(sockets, 'q'));
    fs.renameSync(path.join(sockets, 'q'), path.join(sockets, 'p.sock'));
    await new Promise((resolve) => server.close(resolve));
    expect(await found('p')).toEqual(['DM501']);
  });

  test('that does not exist', async () => {
    expect(await found('p', { started: [] })).toEqual(['DM507']);
    expect(await found('p')).toEqual(['DM501']);
  });

  test('that the engine started without', async () => {
    await listen(path.join(sockets, 'p.sock'));
    expect(await found('p', { started: [] })).toEqual(['DM506']);
  });

  test('that the engine manages', async () => {
    expect(await found('p', { managed: ['p:latest'] })).toEqual([]);
  });
});

test.each([
  ['29.2.0', ['p'], ['DM505']],
  ['29.10.1', ['p'], ['DM505']],
  ['29.1.9', ['p'], []],
  ['28.5.2', ['p'], []],
  ['29.2.0', [], []],
] as const)('gRPC on the local socket of %s, with the plugins %j', (version, named, expected) => {
  const build = engineBuild({ version, platform: 'Docker Engine - Community' });
  expect(ids(grpcFindings('/run/docker.sock', named, build))).toEqual(expected);
});

describe('a rootless engine with its port in hosts and in the flags of rootlesskit', () => {
  const flags = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS=-p 0.0.0.0:2376:2376/tcp';
  const document = parseDaemonConfig(Buffer.from('{"hosts": ["tcp://0.0.0.0:2376"]}'));

  function unit(isDetached: boolean, port = '2376'): HostUnit {
    const files = [
      { path: '/u/docker.service', text: `[Service]\nEnvironment="${flags.replaceAll('2376', port)}"\n` },
    ];
    const command = { flags: [], hosts: [], tls: false, environment: new Map() };
    return {
      scope: { isRootless: true },
      isDetached,
      files,
      command,
      opens: command,
      config: '/c',
    } as unknown as HostUnit;
  }

  test('does not start once it uses the network of the machine', () => {
    expect(ids(rootlessFindings(unit(true), document))).toEqual(['DM614']);
  });

  test('needs both before that', () => {
    expect(rootlessFindings(unit(false), document)).toEqual([]);
    expect(rootlessFindings(unit(true, '2377'), document)).toEqual([]);
  });
});
