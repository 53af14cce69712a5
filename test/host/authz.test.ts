import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { importBusybox } from './busybox.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';
import { SLOW } from './scripts.ts';

const AS = 'docker --host tcp://127.0.0.1:2376 --tlsverify';
const UNIT = 'docker-mtls-authz';
const DROP_INS = `/run/systemd/system/${UNIT}.service.d`;
const FOLDER = '/root/.local/share/docker-mtls/clients';

/** A docker command as a client. */
function as(client: string, words: string): string {
  return `${AS} --tlscacert ${FOLDER}/${client}/ca.pem --tlscert ${FOLDER}/${client}/cert.pem --tlskey ${FOLDER}/${client}/key.pem ${words}`;
}

describeNeeding(hostNeeds('28.5'), 'authorization on a host', () => {
  let host: Host;
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await host.cli(...args);
    expect({ args, code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };
  beforeAll(async () => {
    host = await bootHost('28.5');
    await ok('secure', 'node1', '--client', 'alice', '--no-passphrase', '--apply');
    await ok('issue-client', 'bob');
    await importBusybox(host);
  }, SLOW);

  test('is refused where it is not said what others may do', async () => {
    const { code, stderr } = await host.cli('authz', 'install', '--admin', 'alice');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('bob') });
    expect(await host.must('ls /etc/docker-mtls 2>/dev/null || echo nothing')).toBe('nothing\n');
  });

  test(
    'is refused where a reload would bring other settings into force, and puts nothing in place',
    async () => {
      await host.must(
        `cp -a /etc/docker/daemon.json /root/kept; sed -i '0,/{/s/{/{"debug": true,/' /etc/docker/daemon.json`,
      );
      const { code, stderr } = await host.cli('authz', 'install', '--admin', 'alice', '--others', 'viewer');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/into force as well: .*debug/),
      });
      await host.must('cp -a /root/kept /etc/docker/daemon.json && systemctl restart docker');
      expect(await host.must('ls /etc/docker-mtls /etc/docker/plugins 2>/dev/null || echo nothing')).toBe(
        'nothing\n',
      );
      expect((await host.cli('authz', 'install', '--admin', 'carol', '--others', 'viewer')).code).toBe(1);
    },
    SLOW,
  );

  test(
    'is installed, and decides: alice may do everything, bob looks',
    async () => {
      const before = await host.must('systemctl show -p MainPID docker');
      await ok('authz', 'install', '--admin', 'alice', '--others', 'viewer');
      expect(await host.must('systemctl show -p MainPID docker')).toBe(before);
      await host.must(as('alice', 'run --rm --network none busybox:test sleep 0'));
      await host.must(as('bob', 'ps'));
      const { code, stderr } = await host.shell(as('bob', 'run --rm --network none busybox:test sleep 0'));
      expect({ code, stderr }).toEqual({
        code: 125,
        stderr: expect.stringContaining('docker-mtls: bob (role viewer) may not ContainerCreate'),
      });
      expect(JSON.parse(await ok('authz', 'status', '--json'))).toMatchObject({
        mode: 'enforce',
        local: 'admin',
        problems: [],
      });
      expect(JSON.parse(await ok('authz', 'check', '--json'))).toMatchObject({ decides: true });
      expect(JSON.parse(await ok('check', '--json'))).toMatchObject({ verdict: 'secured', unchecked: [] });
      // The engine has read daemon.json again: nothing waits for a restart.
      expect((await host.cli('doctor', '--json')).stdout).not.toContain('DM114');
      await host.must('touch /etc/docker/daemon.json');
      expect((await host.cli('doctor', '--json')).stdout).toContain('DM114');
    },
    SLOW,
  );

  test(
    'is installed again without a change, and never gives up an engine that asks it',
    async () => {
      const before = await host.must('cat /etc/docker/daemon.json; cat /etc/docker-mtls/docker/policy.yaml');
      expect(
        JSON.parse(await ok('authz', 'install', '--admin', 'alice', '--others', 'viewer', '--json')),
      ).toMatchObject({
        written: false,
        others: ['bob'],
      });
      expect(await host.must('cat /etc/docker/daemon.json; cat /etc/docker-mtls/docker/policy.yaml')).toBe(
        before,
      );
      // The policy that is kept does not know this one, so that the plugin does not let it through.
      const { code, stderr } = await host.cli('authz', 'install', '--admin', 'bob', '--others', 'viewer');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('may not SwarmUnlockkey'),
      });
      expect(await host.must('cat /etc/docker/daemon.json; cat /etc/docker-mtls/docker/policy.yaml')).toBe(
        before,
      );
      expect((await host.shell(as('bob', 'run --rm --network none busybox:test sleep 0'))).code).toBe(125);
    },
    SLOW,
  );

  test('runs as a user of its own, who sees no CA, in files that root alone can change', async () => {
    const pid = (await host.must('systemctl show -p MainPID --value docker-mtls-authz')).trim();
    expect(await host.must(`grep ^Uid: /proc/${pid}/status`)).not.toMatch(/\t0\t/);
    expect((await host.shell(`ls /proc/${pid}/root/root/.local`)).code).not.toBe(0);
    expect(
      await host.must('stat -c "%a %U" /run/docker-mtls/docker /run/docker-mtls/docker/plugin.sock'),
    ).toBe('700 root\n600 root\n');
    expect(await host.must('stat -c "%a %U" /etc/docker-mtls/docker/*')).toBe(
      '644 root\n644 root\n644 root\n',
    );
  });

  test(
    'is there again within seconds when it is killed, and nothing passes meanwhile',
    async () => {
      await host.must('systemctl kill --signal KILL docker-mtls-authz');
      expect((await host.shell(as('bob', 'run --rm --network none busybox:test sleep 0'))).code).toBe(125);
      await host.must(as('alice', 'ps'));
    },
    SLOW,
  );

  test(
    'runs out of memory again and again, and nothing passes',
    async () => {
      const flood = path.join(import.meta.dirname, 'flood.cjs');
      fs.copyFileSync(flood, host.outside('/root/flood.cjs'));
      // What it has when it has started, and a little more: not enough for what the engine hands on of these requests.
      const restart = `systemctl daemon-reload && systemctl restart ${UNIT}`;
      await host.must(
        `pid=$(systemctl show -p MainPID --value ${UNIT}); kilobytes=$(awk '/^VmData/ {print $2}' /proc/$pid/status)
        mkdir -p ${DROP_INS}; printf '[Service]\\nLimitDATA=%sK\\n' $((kilobytes + 65536)) >${DROP_INS}/small.conf; ${restart}`,
      );
      // On a busy machine fewer of them are in memory at the same time.
      let restarts = 0;
      for (let floods = 0; floods < 6 && restarts === 0; floods += 1) {
        const { statuses } = JSON.parse(await host.must(`node /root/flood.cjs ${FOLDER}/bob`)) as {
          readonly statuses: readonly string[];
        };
        expect(['403', '403,500', '500']).toContain(statuses.join(','));
        restarts = Number(await host.must(`systemctl show -p NRestarts --value ${UNIT}`));
      }
      expect(restarts).toBeGreaterThan(0);
      await host.must(`${as('alice', 'ps')}; rm -r ${DROP_INS}; ${restart}`);
      expect(await host.must(as('alice', 'ps --all --quiet'))).toBe('');
    },
    SLOW,
  );

  test(
    'comes with the machine: a restarted engine finds it',
    async () => {
      await host.must('systemctl stop docker-mtls-authz docker && systemctl start docker');
      expect((await host.shell(as('bob', 'run --rm --network none busybox:test sleep 0'))).code).toBe(125);
      await host.must(as('alice', 'ps'));
    },
    SLOW,
  );

  test(
    'hears of a revocation by itself, and denies the client from then on',
    async () => {
      await host.must(as('bob', 'ps'));
      const { pushed } = JSON.parse(await ok('revoke', 'bob', '--yes', '--keep-files', '--json')) as {
        readonly pushed: unknown;
      };
      expect(pushed).toEqual([{ to: '/etc/docker-mtls/docker/crl.pem', deniedAfter: expect.any(Number) }]);
      expect((await host.shell(as('bob', 'ps'))).stderr).toContain('its certificate is revoked');
      await host.must(as('alice', 'ps'));
    },
    SLOW,
  );

  test(
    'is uninstalled while the engine is down, since its plugin does not work',
    async () => {
      await host.must(
        'systemctl stop docker docker.socket; chmod 0 /etc/docker-mtls/docker/policy.yaml; mv /etc/docker-mtls/docker/policy.yaml /root/',
      );
      await host.must('systemctl restart docker-mtls-authz || true');
      expect((await host.shell('timeout 22 systemctl start docker')).code).not.toBe(0);
      await ok('authz', 'uninstall');
      await host.must('systemctl start docker');
      await host.must(as('bob', 'run --rm --network none busybox:test sleep 0'));
      expect(await host.must('cat /etc/docker/daemon.json')).not.toContain('docker-mtls"');
      expect(await ok('daemon-config', 'undo', '--dry-run')).toContain('daemon.json would be removed');
      expect(await host.must('ls /etc/systemd/system | grep authz || true')).toBe('');
      expect((await host.cli('authz', 'status')).code).toBe(1);
    },
    SLOW,
  );
});
