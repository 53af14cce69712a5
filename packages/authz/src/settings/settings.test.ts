import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readCertificate } from '@docker-mtls/ca';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { makeAuthority } from '../../../../test/support/test-ca.ts';
import { LIST, listOf, POLICY, startPlugin } from '../../testing/running-plugin.ts';
import type { PluginOptions, RunningPlugin } from '../../testing/running-plugin.ts';
import { formatLocks } from '../identity/locks.ts';

const DENIED = expect.objectContaining({ Allow: false });

describeNeeding(['root'], 'what the plugin goes by', () => {
  let plugin: RunningPlugin;
  const start = async (options: Partial<PluginOptions> = {}): Promise<RunningPlugin> => {
    plugin = await startPlugin({ policy: POLICY, ...options });
    return plugin;
  };
  const asBob = (): Record<string, unknown> => ({
    ...LIST,
    RequestPeerCertificates: [plugin.certificateOf({ name: 'bob' })],
  });
  const write = (name: string, text: string | Buffer): void =>
    fs.writeFileSync(path.join(plugin.folder, name), text);
  afterEach(() => plugin.stop());

  describe('is taken over, without a restart,', () => {
    test('a revocation, on any connection, and does not give it up', async () => {
      await start();
      const call = asBob();
      expect(await plugin.ask(call)).toEqual({ Allow: true });
      const [text = ''] = call['RequestPeerCertificates'] as string[];
      const { serial } = readCertificate(Buffer.from(text, 'base64').toString('latin1')).info;
      write('crl.pem', listOf(plugin.authority, 7, [serial]));
      await eventually(async () =>
        expect(await plugin.ask(call)).toEqual({
          Allow: false,
          Msg: expect.stringContaining('its certificate is revoked'),
        }),
      );
      expect(await plugin.ask({ ...call, RequestUri: '/_ping' })).toEqual(DENIED);
      const others: readonly (() => void)[] = [
        () => write('crl.pem', listOf(plugin.authority, 6, [])),
        () => write('crl.pem', listOf(plugin.authority, 7, [])),
        () => write('crl.pem', listOf(makeAuthority('Test CA', 'ec-p256').authority, 8, [])),
        () => write('crl.pem', listOf(plugin.authority, 8, []).slice(0, 300)),
        () => write('crl.pem', ''),
        () => fs.rmSync(path.join(plugin.folder, 'crl.pem')),
      ];
      for (const [count, change] of others.entries()) {
        const before = plugin.notes.length;
        change();
        await eventually(() => expect(plugin.notes.length).toBeGreaterThan(before));
        expect([count, await plugin.ask(call)]).toEqual([count, DENIED]);
      }
      await plugin.stop();
      const { folder, authority } = plugin;
      await start({ folder, authority });
      expect(await plugin.ask(call)).toEqual(DENIED);
    });

    test.each(['serial', 'name', 'fingerprint', 'role'] as const)('a lock by %s', async (kind) => {
      await start();
      const call = asBob();
      const [text = ''] = call['RequestPeerCertificates'] as string[];
      const { serial, fingerprint } = readCertificate(Buffer.from(text, 'base64').toString('latin1')).info;
      const value = { serial, fingerprint, name: 'bob', role: 'viewer' }[kind];
      const lock = { id: '1', target: { kind, value }, reason: 'lost', until: undefined };
      write('locks.json', formatLocks([lock]));
      await eventually(async () => expect(await plugin.ask(call)).toEqual(DENIED));
      expect(await plugin.ask(call)).toMatchObject({ Msg: expect.stringContaining('(lost)') });
      fs.rmSync(path.join(plugin.folder, 'locks.json'));
      await eventually(() => expect(plugin.notes.at(-1)).toContain('locks.json'));
      expect(await plugin.ask(call)).toEqual(DENIED);
      await plugin.stop();
      const { folder, authority } = plugin;
      await start({ folder, authority });
      expect(await plugin.ask(call)).toEqual(DENIED);
      write('locks.json', formatLocks([]));
      await eventually(async () => expect(await plugin.ask(call)).toEqual({ Allow: true }));
    });

    test('a policy, and keeps the last one that it could use', async () => {
      await start();
      const call = asBob();
      write('policy.yaml', POLICY.replace('cn: bob', 'cn: carol'));
      await eventually(async () => expect(await plugin.ask(call)).toEqual(DENIED));
      const others: readonly (() => void)[] = [
        () =>
          write(
            'policy.yaml',
            'apiVersion: docker-mtls/policy.v1\nbindings: [{ role: viewer, subjects: [{ cn: bob }] }]\n',
          ),
        () => write('policy.yaml', POLICY.slice(0, 40)),
        () => write('policy.yaml', Buffer.from(`${POLICY}# caf\u00e9\n`, 'latin1')),
        () => fs.rmSync(path.join(plugin.folder, 'policy.yaml')),
        () => {
          write('policy.yaml', POLICY);
          fs.chmodSync(path.join(plugin.folder, 'policy.yaml'), 0o666);
        },
        () => {
          fs.chmodSync(path.join(plugin.folder, 'policy.yaml'), 0o644);
          fs.chownSync(path.join(plugin.folder, 'policy.yaml'), 1000, 0);
        },
      ];
      for (const [count, change] of others.entries()) {
        const before = plugin.notes.length;
        change();
        await eventually(() => expect(plugin.notes.length).toBeGreaterThan(before));
        expect([count, await plugin.ask(call)]).toEqual([count, DENIED]);
      }
      fs.chownSync(path.join(plugin.folder, 'policy.yaml'), 0, 0);
      await eventually(async () => expect(await plugin.ask(call)).toEqual({ Allow: true }));
    });

    test('no policy at the end of a link that another user can change', async () => {
      await start();
      const others = path.join(plugin.folder, 'others');
      fs.mkdirSync(others);
      fs.renameSync(path.join(plugin.folder, 'policy.yaml'), path.join(plugin.folder, 'real.yaml'));
      fs.symlinkSync('../real.yaml', path.join(others, 'policy.yaml'));
      fs.chownSync(others, 4242, 4242);
      fs.symlinkSync('others/policy.yaml', path.join(plugin.folder, 'policy.yaml'));
      await eventually(() =>
        expect(plugin.notes.at(-1)).toContain(`another user (uid 4242) owns ${others}; what was in force`),
      );
      expect(await plugin.ask(asBob())).toEqual({ Allow: true });
    });

    test('a policy that is written slowly only when it is whole', async () => {
      await start();
      const call = asBob();
      const half = POLICY.replace('  - { role: viewer, subjects: [{ cn: bob }] }\n', '');
      for (let step = 0; step < 8; step += 1) {
        write('policy.yaml', `${half}# ${step}\n`);
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(await plugin.ask(call)).toEqual({ Allow: true });
      }
      await eventually(async () => expect(await plugin.ask(call)).toEqual(DENIED));
    });
  });

  test('a stale list stays in force, or denies where the policy says so', async () => {
    await start();
    const call = asBob();
    write('crl.pem', listOf(plugin.authority, 2, [], new Date(Date.now() + 1500)));
    await eventually(() => expect(plugin.notes.join('\n')).toMatch(/(?:revocation list.*){2}/s));
    write('policy.yaml', `${POLICY}crl: { stale: deny }\n`);
    await eventually(async () => expect(await plugin.ask(call)).toEqual(DENIED));
    write('policy.yaml', POLICY);
    await eventually(async () => expect(await plugin.ask(call)).toEqual({ Allow: true }));
  });

  test('does not start without a policy that it can use', async () => {
    await start();
    await plugin.stop();
    const { folder } = plugin;
    await expect(startPlugin({ folder, policy: 'bindings: []\n' })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
    });
  });
});
