/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Host } from './host.ts';
import { killCli } from './kill-cli.ts';
import { SLOW, dropIn, has, JOURNAL, RESTART } from './scripts.ts';
import { stateOf } from './state.ts';

const CA = '/root/.local/share/docker-mtls';
const HOME = `${CA}/servers/node1`;
const TLS = '/etc/docker/tls';
const SECURE = ['secure', '--client', 'alice', '--apply'];
// What `secure` found of the host's addresses is not named again.
const RENEW = ['issue-server', 'node1', '--force', '--allow-cut-off', '--apply'];

/** An engine that starts with the pair that it has, and with no other. */
const faithful = (certificate: string): string =>
  `cp ${certificate} /root/known.pem; ${dropIn('faithful.conf', `[Service]\nExecStartPre=/usr/bin/cmp /root/known.pem ${certificate}`)}${RESTART}`;

/** `guard`: where the engine's start looks whether the pair is the one that it knows. */
const FAILURES = [
  {
    command: 'secure, of a pair that lacks a name',
    args: [...SECURE, '--san', 'other.example.com'],
    guard: HOME,
    setUp: [],
  },
  {
    command: 'issue-server --force, with the engine reading a copy',
    args: RENEW,
    guard: TLS,
    setUp: ['--out', TLS],
  },
  {
    command: 'secure, with a copy and another place for it',
    args: [...SECURE, '--san', 'x.example.com', '--out', '/etc/docker/tls2'],
    guard: HOME,
    setUp: ['--out', TLS],
  },
];

const VAIN = [
  { args: ['issue-server', 'node7', '--force', '--apply'], expected: 'PAIR_NOT_SERVED' },
  { args: ['issue-server', 'node1', '--apply'], expected: 'USAGE' },
  { args: [...RENEW, '--csr', '/etc/hostname'], expected: 'USAGE' },
  { args: [...RENEW, '--config', '/root/other.json'], expected: 'HOST_NO_SYSTEMD' },
  { args: ['issue-server', 'node1', '--force', '--live-restore'], expected: 'USAGE' },
];

type Registered = { readonly serial: string; readonly status: string; readonly fingerprint: string };

/** What a new pair does to an engine that serves with another one. `host` has been reset before each test. */
export function describePair(host: () => Host, { isThorough }: { readonly isThorough: boolean }): void {
  const secure = (...args: readonly string[]): ReturnType<Host['cli']> => host().cli(...SECURE, ...args);

  const servers = async (): Promise<readonly Registered[]> => {
    const { stdout } = await host().cli('list', '--all', '--json');
    const { certificates } = JSON.parse(stdout) as {
      certificates: readonly (Registered & { kind: string })[];
    };
    return certificates.filter(({ kind }) => kind === 'server');
  };

  const fingerprintOf = (file: string): string =>
    new X509Certificate(fs.readFileSync(host().outside(file))).fingerprint256
      .replaceAll(':', '')
      .toLowerCase();

  /** The certificate that the engine shows, as anybody sees it. */
  const shown = async (): Promise<string> =>
    (
      await host().must(
        `/usr/local/bin/node -e 'require("tls").connect({port:2376,rejectUnauthorized:false},function(){console.log(this.getPeerCertificate().fingerprint256);this.destroy()}).on("error",()=>0)'`,
      )
    )
      .trim()
      .replaceAll(':', '')
      .toLowerCase();

  /** The CA directory's pair in force, byte for byte, and what the registry says of it. */
  const pairState = async (): Promise<unknown> => ({
    files: ['ca.pem', 'server-cert.pem', 'server-key.pem'].map((name) => [
      name,
      fs.readFileSync(path.join(host().outside(HOME), name), 'utf8'),
    ]),
    current: (await servers()).filter(({ status }) => status === 'current'),
    shown: await shown(),
  });

  const noKeysBeside = async (): Promise<void> => {
    expect(await host().must('ls -A /etc/docker')).not.toMatch(/docker-mtls|partial/);
  };

  describe('a new server pair', () => {
    test(
      'is served after a restart, proven, and nothing else changes',
      async () => {
        expect((await secure()).code).toBe(0);
        const [was, before] = [await stateOf(host()), await shown()];
        const { code, stdout, stderr } = await host().cli(...RENEW);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toContain('+ secured: 127.0.0.1:2376');
        expect(await shown()).not.toBe(before);
        expect(await shown()).toBe(fingerprintOf(`${HOME}/server-cert.pem`));
        expect(await stateOf(host())).toEqual(was);
        await noKeysBeside();
      },
      SLOW,
    );

    test(
      'comes to where the engine reads it, when that is a copy',
      async () => {
        expect((await secure('--out', TLS)).code).toBe(0);
        await host().must(`chown root:adm ${TLS}/server-key.pem; chmod 640 ${TLS}/server-key.pem`);
        const { code, stdout } = await host().cli(...RENEW, '--json');
        expect(code).toBe(0);
        expect(await shown()).toBe((JSON.parse(stdout) as { fingerprint: string }).fingerprint);
        expect(fingerprintOf(`${TLS}/server-cert.pem`)).toBe(await shown());
        expect(await host().must(`stat -Lc %a:%G ${TLS}/server-key.pem`)).toBe('640:adm\n');
      },
      SLOW,
    );

    test.each(isThorough ? FAILURES : FAILURES.slice(0, 1))(
      'that the engine does not come up with goes, and the old one serves again: $command',
      async ({ args, guard, setUp }) => {
        expect((await secure(...setUp)).code).toBe(0);
        await host().must(faithful(`${guard}/server-cert.pem`));
        const [was, pair, count] = [await stateOf(host()), await pairState(), (await servers()).length];
        const { code, stdout } = await host().cli(...args, '--json');
        expect({ code, error: JSON.parse(stdout).error }).toMatchObject({
          code: 1,
          error: {
            code: 'HOST_ROLLED_BACK',
            message: expect.stringContaining("the engine's pair are as they were"),
          },
        });
        expect(await stateOf(host())).toEqual(was);
        expect(await pairState()).toEqual(pair);
        expect((await servers()).length).toBe(count + 1);
        await noKeysBeside();
      },
      SLOW,
    );

    if (!isThorough) return;

    test(
      'is not issued in vain',
      async () => {
        expect((await secure()).code).toBe(0);
        const [was, pair, count] = [await stateOf(host()), await pairState(), (await servers()).length];
        for (const { args, expected } of VAIN) {
          const { code, stdout } = await host().cli(...args, '--json');
          expect({ ...JSON.parse(stdout).error, exit: code }).toMatchObject({
            code: expected,
            exit: expected === 'USAGE' ? 2 : 1,
          });
        }
        expect((await servers()).length).toBe(count);
        expect([await stateOf(host()), await pairState()]).toEqual([was, pair]);
      },
      SLOW,
    );

    test(
      'a swarm that would lose its only manager keeps it, unless --allow-quorum-loss says otherwise',
      async () => {
        expect((await secure()).code).toBe(0);
        await host().must('docker swarm init --advertise-addr 127.0.0.1');
        const before = await shown();
        const { code, stderr } = await host().cli(...RENEW);
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringContaining('add --allow-quorum-loss'),
        });
        expect(await shown()).toBe(before);
        expect((await host().cli(...RENEW, '--allow-quorum-loss')).code).toBe(0);
        expect(await shown()).not.toBe(before);
        await host().must('docker swarm leave --force');
      },
      SLOW,
    );

    const KEPT = '/etc/docker/docker-mtls.pair';
    test.each([
      { name: 'once the old pair is kept', when: has(KEPT) },
      {
        name: 'while the engine restarts',
        when: has(JOURNAL, '"phase":"restarting"'),
      },
    ])(
      'killed $name: the engine starts with the old pair, and the next run goes on from there',
      async ({ when }) => {
        expect((await secure()).code).toBe(0);
        const [was, pair] = [await stateOf(host()), await pairState()];
        await killCli(host(), RENEW, () => when(host()));
        await host().must(
          'systemctl stop docker.service docker.socket; systemctl daemon-reload; systemctl reset-failed; systemctl start docker && docker version',
        );
        const { code, stdout, stderr } = await host().cli('daemon-config', 'undo');
        expect({ code, stdout, stderr }).toMatchObject({
          code: 0,
          stdout:
            'took back a change of /etc/docker/daemon.json that was interrupted; the engine is running\n',
        });
        expect(await stateOf(host())).toEqual(was);
        expect(await pairState()).toEqual(pair);
        await noKeysBeside();
        expect((await host().cli(...RENEW)).code).toBe(0);
      },
      SLOW,
    );
  });
}
