import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { verify } from '@docker-mtls/audit';
import * as fc from 'fast-check';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { days, issuePair, makeAuthority } from '../../../test/support/test-ca.ts';
import { LIST, POLICY, post, recordsIn, startPlugin } from '../testing/running-plugin.ts';
import type { PluginOptions, RunningPlugin } from '../testing/running-plugin.ts';
import { formatLocks } from './identity/locks.ts';

const DENIED = expect.objectContaining({ Allow: false });

describeNeeding(['root'], 'the plugin', () => {
  let plugin: RunningPlugin;
  const start = async (options: Partial<PluginOptions> = {}): Promise<RunningPlugin> => {
    plugin = await startPlugin({ policy: POLICY, ...options });
    return plugin;
  };
  const asBob = (): Record<string, unknown> => ({
    ...LIST,
    User: 'alice',
    RequestPeerCertificates: [plugin.certificateOf({ name: 'bob' })],
  });
  const write = (name: string, text: string): void => fs.writeFileSync(path.join(plugin.folder, name), text);
  afterEach(() => plugin.stop());

  test('says what it implements, and that alone', async () => {
    await start();
    const socket = path.join(plugin.folder, 's/p.sock');
    expect(await post(socket, '/Plugin.Activate', '')).toEqual({ Implements: ['authz'] });
    expect(await post(socket, '/VolumeDriver.List', '{}')).toEqual({});
    expect(fs.statSync(socket).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
  });

  test('goes by the certificate, and not by the user that the engine derives from it', async () => {
    await start();
    expect(await plugin.ask(asBob())).toEqual({ Allow: true });
    const create = { ...asBob(), RequestMethod: 'POST', RequestUri: '/v1.51/containers/create' };
    expect(await plugin.ask(create)).toEqual({
      Allow: false,
      Msg: expect.stringMatching(
        /^docker-mtls: bob \(role viewer\) may not ContainerCreate \[[0-9a-f]{6}\]$/,
      ),
    });
  });

  test('goes by the first certificate, whatever the client adds', async () => {
    await start();
    const certificates = ['bob', 'alice'].map((name) => plugin.certificateOf({ name }));
    const remove = { ...LIST, RequestMethod: 'DELETE', RequestUri: '/containers/x' };
    expect(await plugin.ask({ ...remove, RequestPeerCertificates: certificates })).toEqual(DENIED);
    const other = { ...remove, RequestPeerCertificates: certificates.toReversed() };
    expect(await plugin.ask(other)).toEqual({ Allow: true });
  });

  test('records each decision before it is answered, and how a request ended', async () => {
    await start();
    const call = asBob();
    await plugin.ask(call);
    await plugin.ask({ ...call, RequestMethod: 'POST', RequestUri: '/build?remote=https://u:secret@x' });
    expect(recordsIn(plugin.folder).slice(-2)).toMatchObject([
      { type: 'decision', who: { cn: 'bob' }, what: { operation: 'ContainerList' }, verdict: 'allow' },
      { type: 'decision', what: { operation: 'ImageBuild' }, verdict: 'deny', role: 'viewer' },
    ]);
    expect(JSON.stringify(recordsIn(plugin.folder))).not.toContain('secret');
    expect(await plugin.tellEnd({ ...call, ResponseStatusCode: 200 })).toEqual({ Allow: true });
    await eventually(() =>
      expect(recordsIn(plugin.folder).at(-1)).toMatchObject({ type: 'outcome', status: 200 }),
    );
    const lines = fs
      .readFileSync(path.join(plugin.folder, 'audit/audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(verify(lines).kind).toBe('intact');
  });

  test('recordings say what the policy was', async () => {
    await start();
    const changes = recordsIn(plugin.folder).filter(({ type }) => type === 'change');
    expect(changes.map(({ what }) => what)).toEqual(['policy', 'roots', 'revocation list']);
  });

  describe('denies', () => {
    test.each<[string, (authority: RunningPlugin['authority']) => string]>([
      ['no certificate', () => ''],
      ['one that is no base64', () => '!!!!'],
      ['one that is no certificate', () => Buffer.from('alice').toString('base64')],
      ['an expired one', (ca) => certificate(ca, { name: 'bob', validity: days(-2, -1) })],
      ['one that is not valid yet', (ca) => certificate(ca, { name: 'bob', validity: days(1, 2) })],
      [
        'one of a foreign CA',
        () => certificate(makeAuthority('Other', 'ec-p256').authority, { name: 'bob' }),
      ],
      [
        'one of a foreign CA of the same name',
        () => certificate(makeAuthority('Test CA', 'ec-p256').authority, { name: 'bob' }),
      ],
      ['the CA itself', (ca) => Buffer.from(ca.certificate.pem).toString('base64')],
      [
        'a server',
        (ca) =>
          Buffer.from(issuePair(ca, 'server', { name: 'bob', sans: ['bob'] }).certificate).toString('base64'),
      ],
    ])('a client that shows %s', async (_, certificateFrom) => {
      const old = {
        notBefore: new Date(Date.now() - 10 * 86_400_000),
        notAfter: new Date(Date.now() + 86_400_000 * 9),
      };
      const { authority } = makeAuthority('Test CA', 'ec-p256', old);
      await start({ authority });
      const call = { ...LIST, RequestPeerCertificates: [certificateFrom(authority)] };
      expect(await plugin.ask(call)).toEqual(DENIED);
      expect(await plugin.ask({ ...call, RequestUri: '/_ping' })).toEqual(DENIED);
    });

    test('a certificate that the engine did not verify, and a verified client without one', async () => {
      await start();
      const { UserAuthNMethod: _, ...unverified } = asBob();
      expect(await plugin.ask(unverified)).toEqual(DENIED);
      expect(await plugin.ask(LIST)).toEqual(DENIED);
      expect(await plugin.ask({ ...LIST, RequestPeerCertificates: [] })).toEqual(DENIED);
    });

    test('a client of the local socket where the policy gives it no role', async () => {
      await start();
      const { UserAuthNMethod: _, ...local } = LIST;
      expect(await plugin.ask(local)).toEqual(DENIED);
      expect(await plugin.ask({ ...local, RequestUri: '/_ping' })).toEqual(DENIED);
    });

    test.each<[string, unknown]>([
      ['nothing', ''],
      ['no JSON', '{"RequestMethod":'],
      ['a list', '[]'],
      ['null', 'null'],
      ['no method', { RequestUri: '/_ping' }],
      ['a method that is no text', { RequestMethod: 1, RequestUri: '/_ping' }],
      [
        'another way of authentication',
        { UserAuthNMethod: 'Basic', RequestMethod: 'GET', RequestUri: '/_ping' },
      ],
      ['certificates that are no list', { ...LIST, RequestPeerCertificates: {} }],
      ['certificates that are no text', { ...LIST, RequestPeerCertificates: [1] }],
      ['headers that are no map', { ...LIST, RequestHeaders: [] }],
      ['headers that are no text', { ...LIST, RequestHeaders: { A: 1 } }],
      ['a body that is no text', { ...LIST, RequestBody: 1 }],
    ])('a call with %s', async (_, call) => {
      await start({ policy: `${POLICY}local: admin\n` });
      expect(await plugin.ask(call as string)).toEqual(DENIED);
      const { UserAuthNMethod: _method, ...local } = LIST;
      expect(await plugin.ask(local)).toEqual({ Allow: true });
    });

    test('a body that is not base64, cut, or larger than 3 MiB, to administrators as well', async () => {
      await start();
      const certificates = [plugin.certificateOf({ name: 'alice' })];
      const create = {
        UserAuthNMethod: 'TLS',
        RequestMethod: 'POST',
        RequestUri: '/containers/create',
        RequestPeerCertificates: certificates,
      };
      const large = Buffer.alloc(3 * 1024 * 1024 + 1, ' ').toString('base64');
      const just = Buffer.alloc(3 * 1024 * 1024, ' ').toString('base64');
      for (const body of ['e30', '!!!!', 'e3==', 'e30=\n', large])
        expect(await plugin.ask({ ...create, RequestBody: body })).toEqual(DENIED);
      for (const body of ['e30=', just, ''])
        expect(await plugin.ask({ ...create, RequestBody: body })).toEqual({ Allow: true });
    });

    test('a call that is larger than any of the engine', async () => {
      await start({ policy: `${POLICY}local: admin\n` });
      const { UserAuthNMethod: _, ...local } = LIST;
      expect(await plugin.ask({ ...local, RequestBody: 'A'.repeat(13 * 1024 * 1024) })).toEqual(DENIED);
    });

    test('nothing that would keep it from starting again', async () => {
      const policy = POLICY.replace('roles:', 'audit: { level: request }\nroles:');
      await start({ policy });
      const headers = Array.from({ length: 950 }, (_, at) => [`A${at}`, '\ufffd'.repeat(1024)]);
      const call = { ...asBob(), RequestHeaders: Object.fromEntries(headers) };
      expect(await plugin.ask(call)).toEqual({ Allow: true });
      await plugin.stop();
      const { folder, authority } = plugin;
      await start({ policy, folder, authority });
      expect(await plugin.ask({ ...call, RequestMethod: 'DELETE' })).toEqual(DENIED);
    });

    test('what is too long to be told, and records that', async () => {
      await start();
      const name = '%22'.repeat(330_000);
      const answer = await plugin.ask({
        ...asBob(),
        RequestMethod: 'DELETE',
        RequestUri: `/containers/${name}`,
        RequestHeaders: { 'Content-Length': '0' },
        RequestPeerCertificates: [plugin.certificateOf({ name: 'web' })],
      });
      expect(answer).toEqual({
        Allow: false,
        Msg: expect.stringContaining('web (role web) may not ContainerDelete'),
      });
      expect(recordsIn(plugin.folder).at(-1)).toMatchObject({ verdict: 'deny', rule: 'objects' });
    });

    test('whatever has been changed at random in a call that is denied', async () => {
      await start();
      const text = JSON.stringify({ ...asBob(), RequestMethod: 'POST', RequestUri: '/containers/create' });
      await fc.assert(
        fc.asyncProperty(
          fc.nat(text.length - 1),
          fc.string({ maxLength: 3 }),
          fc.nat(4),
          async (at, insert, cut) => {
            const changed = text.slice(0, at) + insert + text.slice(at + cut);
            expect(await plugin.ask(changed)).toEqual(DENIED);
          },
        ),
        { numRuns: 200 },
      );
    });
  });

  test('mode observe allows what the policy denies, and nothing to whom it does not know', async () => {
    await start({ policy: `${POLICY}mode: observe\n` });
    const create = { ...asBob(), RequestMethod: 'POST', RequestUri: '/containers/create' };
    expect(await plugin.ask(create)).toEqual({ Allow: true });
    expect(recordsIn(plugin.folder).at(-1)).toMatchObject({
      verdict: 'allow',
      observed: true,
      rule: 'roles',
    });
    const lock = { id: '1', target: { kind: 'name', value: 'bob' }, reason: '', until: undefined } as const;
    write('locks.json', formatLocks([lock]));
    await eventually(async () => expect(await plugin.ask(create)).toEqual(DENIED));
  });

  test('asks the engine about objects, which asks about that in turn', async () => {
    await start();
    const secrets: string[] = [];
    const engine = http.createServer((request, response) => {
      const headers = { 'X-Docker-Mtls-Lookup': String(request.headers['x-docker-mtls-lookup'] ?? '') };
      secrets.push(headers['X-Docker-Mtls-Lookup']);
      void (async () => {
        const call = { RequestMethod: request.method, RequestUri: request.url, RequestHeaders: headers };
        const { Allow } = await plugin.ask(call);
        // The secret is good once.
        const again = await plugin.ask(call);
        if (Allow !== true || again.Allow !== false) return response.writeHead(403).end();
        const name = request.url?.split('/')[2] ?? '';
        if (name === 'web-gone') return response.writeHead(404).end('{"message":"No such container"}');
        return response.end(
          JSON.stringify({ Name: `/${name.replace('abc', 'other')}`, Config: { Labels: {} } }),
        );
      })();
    });
    await new Promise<void>(
      (resolve) => void engine.listen(path.join(plugin.folder, 'engine.sock'), resolve),
    );
    const ask = (name: string): ReturnType<RunningPlugin['ask']> =>
      plugin.ask({
        ...LIST,
        RequestMethod: 'POST',
        RequestUri: `/containers/${name}/start`,
        RequestHeaders: { 'Content-Length': '0' },
        RequestPeerCertificates: [plugin.certificateOf({ name: 'web' })],
      });
    expect(await ask('web-1')).toEqual({ Allow: true });
    expect(await ask('abc')).toEqual(DENIED);
    expect(await ask('web-gone')).toEqual(DENIED);
    expect(await ask('web-1%2F..%2Fabc')).toEqual(DENIED);
    expect(new Set(secrets).size).toBe(3);
    const forged = { RequestHeaders: { 'X-Docker-Mtls-Lookup': secrets[0] } };
    expect(
      await plugin.ask({ RequestMethod: 'GET', RequestUri: '/containers/web-1/json', ...forged }),
    ).toEqual(DENIED);
    await new Promise((resolve) => engine.close(resolve));
    expect(await ask('web-1')).toEqual(DENIED);
  });

  test('runs no program that another user can change', async () => {
    await start();
    const checkpointProgram = path.join(temporaryFolder(), 'program');
    fs.writeFileSync(checkpointProgram, '#!/bin/sh\n', { mode: 0o755 });
    fs.chownSync(checkpointProgram, 4242, 4242);
    await expect(startPlugin({ policy: POLICY, checkpointProgram })).rejects.toMatchObject({
      code: 'FILE_UNSAFE',
    });
  });

  test('stops looking at its files where its socket is refused, so that its process ends', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 's'), { mode: 0o755 });
    await expect(start({ folder })).rejects.toMatchObject({ code: 'AUTHZ_SOCKET_REFUSED' });
    const before = recordsIn(folder);
    fs.writeFileSync(path.join(folder, 'policy.yaml'), `${POLICY}local: none\n`);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(recordsIn(folder)).toEqual(before);
  });

  test.each([
    ['belongs to another user', (audit: string) => fs.chownSync(audit, 4242, 4242)],
    ['others may write to', (audit: string) => fs.chmodSync(audit, 0o777)],
  ])('keeps no log in a folder that %s', async (_, change) => {
    await start();
    await plugin.stop();
    const { folder, authority } = plugin;
    change(path.join(folder, 'audit'));
    await expect(startPlugin({ policy: POLICY, folder, authority })).rejects.toMatchObject({
      code: 'AUTHZ_FILE_UNSAFE',
    });
  });

  test('keeps what is in force where it says so, whatever a killed one has left', async () => {
    await start();
    const target = path.join(plugin.folder, 'target');
    fs.writeFileSync(target, 'as before');
    fs.symlinkSync(target, path.join(plugin.folder, 'audit/state/locks.json.new'));
    const text = formatLocks([
      { id: '1', target: { kind: 'name', value: 'bob' }, reason: '', until: undefined },
    ]);
    fs.writeFileSync(path.join(plugin.folder, 'locks.json'), text);
    const kept = path.join(plugin.folder, 'audit/state/locks.json');
    await eventually(() => expect(fs.readFileSync(kept, 'utf8')).toBe(text));
    expect(fs.lstatSync(kept).isFile()).toBe(true);
    expect(fs.readFileSync(target, 'utf8')).toBe('as before');
  });
});

function certificate(authority: RunningPlugin['authority'], order: Parameters<typeof issuePair>[2]): string {
  return Buffer.from(issuePair(authority, 'client', order).certificate).toString('base64');
}
