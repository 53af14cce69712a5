import { beforeAll, expect, test } from '@jest/globals';
import type { Diagnosis } from '@docker-mtls/doctor';
import { BUNDLE } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { BROKEN, FILE, JSON_FILE, SAVED } from './broken-hosts.ts';
import type { BrokenHost } from './broken-hosts.ts';
import { prepareServed, SERVED } from './badly-served.ts';
import { importBusybox } from './busybox.ts';
import { findingsOn } from './describe-doctor.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';
import { DROP_INS, RESTART, SLOW, dropIn, pluginNamed } from './scripts.ts';

/** Each of these restarts the engine twice: a few on every run, and all of them when asked to. */
const SAMPLE = [
  'TLS that asks for no certificate',
  'tlsverify without a CA, in force',
  'a certificate that the engine takes for one of a client',
  'a CA whose key was published',
];
const isTaken = ({ name }: BrokenHost): boolean =>
  process.env['DOCKER_MTLS_TEST_FAULTS'] === 'all' || SAMPLE.includes(name);
const BROKEN_HOSTS: readonly BrokenHost[] = [...BROKEN, ...SERVED.filter(isTaken)];
const CONTAINERD = '--containerd=/run/containerd/containerd.sock';

describeNeeding([...hostNeeds('28.5'), 'static busybox', 'openssl'], 'doctor on a host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await bootHost('28.5');
    await importBusybox(host);
  }, 900_000);

  test(
    'sees an engine that is open to the network, and a plugin that a reload would remove',
    async () => {
      const flags = `-H fd:// -H tcp://127.0.0.1:2375 --authorization-plugin=p`;
      const open = `ExecStart=/usr/sbin/dockerd ${flags} ${CONTAINERD}`;
      const unit = dropIn('override.conf', `[Service]\nExecStart=\n${open}`);
      await host.must(pluginNamed('p') + unit + RESTART);
      expect(await findingsOn(host)).toEqual(['DM101', 'DM504']);
      await host.must(`rm -r ${DROP_INS}; ${RESTART}; systemctl stop plugin-p`);
      expect(await findingsOn(host)).toEqual([]);
    },
    SLOW,
  );

  test(
    'is silent once it is secured, and sees each fault, and no longer when it is repaired',
    async () => {
      expect((await host.cli('secure', '--client', 'alice', '--apply')).code).toBe(0);
      expect(await findingsOn(host)).toEqual([]);
      await host.must(`cp -p ${JSON_FILE} ${SAVED}`);
      await prepareServed(host);
      const seen: Record<string, readonly string[]> = {};
      for (const { name, script, repair = 'true' } of BROKEN_HOSTS) {
        await host.shell(script);
        seen[name] = await findingsOn(host);
        await host.must(
          `${repair}; cmp -s ${SAVED} ${JSON_FILE} || { cp -p ${SAVED} ${JSON_FILE}; ${RESTART}; }`,
        );
      }
      const missed = BROKEN_HOSTS.filter(({ name, finds }) =>
        finds.some((id) => seen[name]?.includes(id) !== true),
      );
      expect(missed.map(({ name, finds }) => ({ name, finds, seen: seen[name] }))).toEqual([]);
      await host.must(RESTART);
      expect(await findingsOn(host)).toEqual([]);
    },
    4 * SLOW,
  );

  test(
    'fixes modes, owners and the drop-in without a restart, and each has a way back',
    async () => {
      const started = (): Promise<string> =>
        host.must('systemctl show -p ActiveEnterTimestampMonotonic docker');
      const unit = '/etc/systemd/system/docker.service';
      await host.must(
        `chmod 644 ${FILE('tlskey')}; chown nobody ${FILE('tlskey')}; sed 's#-H fd://#-H fd:// --label=a=b#' /lib/systemd/system/docker.service >${unit}; systemctl daemon-reload`,
      );
      expect(await findingsOn(host)).toEqual(expect.arrayContaining(['DM601', 'DM602', 'DM613']));
      const was = await started();
      const { code, stderr } = await host.cli('doctor', '--fix');
      expect({ code, stderr }).toMatchObject({
        code: expect.any(Number),
        stderr: expect.stringContaining('back: '),
      });
      // A mode and an owner are changes of a file, which a restart settles.
      expect(await findingsOn(host)).toEqual(['DM114']);
      expect(await started()).toBe(was);
      expect(await host.must('systemctl show -p NeedDaemonReload docker')).toBe('NeedDaemonReload=no\n');
      await host.must(RESTART);
      expect(await host.must('docker info --format "{{.Labels}}"')).toBe('[a=b]\n');
      expect((await host.cli('daemon-config', 'undo')).code).toBe(0);
      await host.must(`rm ${unit}; ${RESTART}`);
      expect(await findingsOn(host)).toEqual([]);
    },
    SLOW,
  );

  test(
    'asks the plugin of docker-mtls whether it decides, and sees when it does not',
    async () => {
      const policy = '/etc/docker-mtls/docker/policy.yaml';
      expect((await host.cli('authz', 'install', '--admin', 'alice', '--others', 'viewer')).code).toBe(0);
      await host.must(RESTART);
      expect(await findingsOn(host)).toEqual([]);
      await host.must(`cp -p ${policy} ${SAVED}; echo 'mode: observe' >>${policy}`);
      expect(await findingsSoon(['DM511'])).toEqual(['DM511']);
      await host.must(`cp -p ${SAVED} ${policy}; systemctl stop docker-mtls-authz.socket docker-mtls-authz`);
      expect(await findingsOn(host)).toContain('DM501');
      expect((await host.cli('authz', 'uninstall')).code).toBe(0);
      await host.must(RESTART);
      expect(await findingsOn(host)).toEqual([]);
    },
    SLOW,
  );

  /** The plugin reads its policy again on its own, within seconds. */
  async function findingsSoon(expected: readonly string[]): Promise<readonly string[]> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const seen = await findingsOn(host);
      if (expected.every((id) => seen.includes(id))) return seen;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return findingsOn(host);
  }

  test('reports what it cannot see without root', async () => {
    const command = `HOME=/tmp DOCKER_CONFIG=/tmp/.docker /usr/local/bin/node ${BUNDLE} doctor --json`;
    const { stdout } = await host.shell(`su nobody -s /bin/sh -c '${command}'`);
    const { targets } = JSON.parse(stdout) as { readonly targets: readonly Diagnosis[] };
    expect(targets[0]?.unseen.join('\n')).toMatch(/docker\.sock|server-key/);
  });
});
