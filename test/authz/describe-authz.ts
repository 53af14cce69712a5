import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { verify } from '@docker-mtls/audit';
import { pluginFindings } from '@docker-mtls/engine/authorization';
import { readPolicyText } from '../../packages/policy/testing/conformance.ts';
import { BUSYBOX } from '../support/busybox.ts';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { diagnosisOf, idsOf } from '../support/doctor.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { eventually } from '../support/eventually.ts';
import { engineNeeds } from '../support/needs.ts';
import { temporaryFolder } from '../support/temp.ts';
import { authorityOf, issuePair } from '../support/test-ca.ts';
import { startAuthzEngine } from './authz-engine.ts';
import type { AuthzEngine } from './authz-engine.ts';
import { dockerAs, populate, stateOf } from './engine-state.ts';
import type { Places } from './engine-state.ts';
import { effectsOf, hostileRequests } from './hostile-requests.ts';
import { connectRaw, exchange, sendRaw } from './raw-client.ts';
import type { RawTarget } from './raw-client.ts';
import { verdictsOf, wantedVerdicts } from './verdicts.ts';

const SLOW = 300_000;
const PING = 'GET /_ping HTTP/1.1\r\nHost: e\r\n\r\n';
const LIST = 'GET /containers/json HTTP/1.1\r\nHost: e\r\n\r\n';
const REMOVE = 'DELETE /containers/victim?force=1 HTTP/1.1\r\nHost: e\r\n\r\n';

/** An engine of a version asks the plugin about everything, and obeys. */
export function describeAuthz(version: EngineVersion): void {
  const needs = [...engineNeeds(version), 'docker command', 'static busybox'] as const;
  describeNeeding(needs, `engine ${version} with authorization`, () => {
    let host: AuthzEngine;
    let places: Places;
    beforeAll(async () => {
      host = await startAuthzEngine(version, {
        policy: `${readPolicyText()}local: admin\n`,
        clients: ['admin', 'viewer', 'operator'],
      });
      places = await populate(host);
    }, SLOW);

    test('serves an administrator as before', async () => {
      expect(await ordinaryWork(host)).toBe('done');
    });

    test('tells who is denied what', async () => {
      const { code, stderr } = await dockerAs(host, 'viewer', ['run', BUSYBOX, 'true']);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(
        /authorization denied by plugin docker-mtls: docker-mtls: viewer \(role viewer\) may not ContainerCreate \[[0-9a-f]{6}\]/,
      );
    });

    test(
      'decides on every operation as the table of roles says',
      async () => {
        const wanted = wantedVerdicts();
        expect(await verdictsOf(host, wanted)).toEqual(wanted);
      },
      SLOW,
    );

    test(
      'has none of the effects that hostile requests are after',
      async () => {
        expect(await effectsOf(host, hostileRequests(), places)).toEqual([]);
      },
      SLOW,
    );

    test('denies a client on an open connection once its certificate has expired', async () => {
      const validity = { notBefore: new Date(Date.now() - 30_000), notAfter: new Date(Date.now() + 3000) };
      const pair = issuePair(authorityOf(host.caDirectory), 'client', { name: 'operator', validity });
      const socket = await connectRaw({ ...host.as('operator'), pair });
      expect(await exchange(socket, LIST)).toMatchObject({ status: 200 });
      await eventually(async () =>
        expect(await exchange(socket, PING)).toMatchObject({
          status: 403,
          text: expect.stringContaining('its certificate has expired'),
        }),
      );
      socket.destroy();
    });

    test('is found to ask the plugin, and to have the faults of its version', async () => {
      const words = await pluginWords(host);
      const ofVersion = words.filter((word) => word.startsWith('engine-bypass'));
      expect(ofVersion).not.toEqual([]);
      expect(words).toEqual(['local-clients', ...ofVersion]);
    });

    test('denies a client on an open connection once it is locked, and serves it again', async () => {
      const socket = await connectRaw(host.as('operator'));
      expect(await exchange(socket, LIST)).toMatchObject({ status: 200 });
      const lock = [
        'authz',
        'lock',
        'add',
        '--name',
        'operator',
        '--reason',
        'lost',
        '--policy',
        host.policyFile,
      ];
      expect(await foundAs(host, 'operator')).not.toContain('DM502');
      const { id } = await cliJson(lock, host.cli);
      await eventually(async () => expect(await exchange(socket, LIST)).toMatchObject({ status: 403 }));
      expect(await foundAs(host, 'operator')).toContain('DM502');
      expect(await exchange(socket, PING)).toMatchObject({
        status: 403,
        text: expect.stringContaining('(lost)'),
      });
      await cliJson(['authz', 'lock', 'remove', String(id), '--policy', host.policyFile], host.cli);
      await eventually(async () => expect(await exchange(socket, LIST)).toMatchObject({ status: 200 }));
      socket.destroy();
    });

    test('denies a client on an open connection once its certificate is revoked', async () => {
      const socket = await connectRaw(host.as('operator'));
      expect(await exchange(socket, LIST)).toMatchObject({ status: 200 });
      const { port, ca } = host;
      const session = await sessionOf(host.as('operator'));
      expect(await sendRaw({ port, ca, session }, LIST)).toMatchObject({ status: 200 });
      await cliJson(['revoke', 'operator', '--yes'], host.cli);
      await eventually(async () => expect(await exchange(socket, LIST)).toMatchObject({ status: 403 }));
      expect(await exchange(socket, PING)).toMatchObject({
        status: 403,
        text: expect.stringContaining('its certificate is revoked'),
      });
      expect(await sendRaw(host.as('operator'), PING)).toMatchObject({ status: 403 });
      expect(await sendRaw({ port, ca, session }, PING)).toMatchObject({ status: 403 });
      socket.destroy();
    });

    test(
      'does nothing while the plugin is not there or hangs, and goes on when it is back',
      async () => {
        const before = await stateOf(host);
        await host.plugin.kill('SIGSTOP');
        expect(await sendRaw(host.as('admin'), REMOVE)).toMatchObject({ status: 0 });
        await host.plugin.kill('SIGKILL');
        expect(await sendRaw(host.as('admin'), REMOVE)).toMatchObject({ status: 0 });
        await host.plugin.start();
        await eventually(async () =>
          expect(await sendRaw(host.as('viewer'), REMOVE)).toMatchObject({ status: 403 }),
        );
        expect(before).toContain('victim');
      },
      SLOW,
    );

    test('has a log of all that, with a chain that is intact', async () => {
      const lines = fs.readFileSync(path.join(host.auditFolder, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
      expect(verify(lines)).toMatchObject({ kind: 'intact' });
      expect(lines.some((line) => line.includes('"operation":"ContainerAttach"'))).toBe(true);
      expect(lines.some((line) => /"type":"outcome".*"duration":\d+/.test(line))).toBe(true);
    });
  });
}

/** The numbers of what doctor finds as a client. */
async function foundAs({ port, ca, as }: AuthzEngine, client: string): Promise<readonly string[]> {
  const credentials = { roots: [ca], pair: as(client).pair };
  return idsOf(await diagnosisOf(`tcp://127.0.0.1:${port}`, { client: credentials }));
}

/** What is found of the plugin on a machine whose group docker is empty. */
async function pluginWords({ home }: AuthzEngine): Promise<readonly string[]> {
  const folder = temporaryFolder();
  const socket = path.join(home, 's/p.sock');
  const machine = { socket, groups: path.join(folder, 'group'), users: path.join(folder, 'passwd') };
  fs.writeFileSync(machine.groups, 'docker:x:999:\n');
  fs.writeFileSync(machine.users, 'root:x:0:0\n');
  const found = await pluginFindings(path.join(home, 'e.sock'), new Date(), machine);
  return found.map(({ id }) => id);
}

/** What a client keeps of a connection to resume it. */
async function sessionOf(target: RawTarget): Promise<Buffer> {
  const socket = await connectRaw(target);
  const session = new Promise<Buffer>((resolve) => void socket.once('session', resolve));
  await exchange(socket, PING);
  const found = await session;
  socket.destroy();
  return found;
}

/** What people do all day. */
async function ordinaryWork(host: AuthzEngine): Promise<'done'> {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'Dockerfile'), `FROM ${BUSYBOX}\nCOPY Dockerfile /copied\n`);
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await dockerAs(host, 'admin', args);
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };
  expect(await run('run', '--rm', '--network', 'none', BUSYBOX, 'echo', 'hello')).toBe('hello\n');
  await run(
    'run',
    '--detach',
    '--network',
    'none',
    '--name',
    'work',
    BUSYBOX,
    'sh',
    '-c',
    'echo logged; sleep 3600',
  );
  expect(await run('exec', 'work', 'echo', 'inside')).toBe('inside\n');
  await eventually(async () => expect(await run('logs', 'work')).toBe('logged\n'));
  await run('cp', path.join(folder, 'Dockerfile'), 'work:/there');
  await run('cp', 'work:/there', path.join(folder, 'back'));
  expect(fs.readFileSync(path.join(folder, 'back'), 'utf8')).toContain('FROM');
  expect(await run('ps', '--format', '{{.Names}}', '--filter', 'name=work')).toBe('work\n');
  await run('build', '--tag', 'built', folder);
  expect(await run('run', '--rm', '--network', 'none', 'built', 'cat', '/copied')).toContain('COPY');
  await run('rm', '--force', 'work');
  await run('rmi', 'built');
  return 'done';
}
