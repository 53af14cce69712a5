import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { bootHost, hostNeeds, type Host } from '../host/host.ts';
import { SLOW, write } from '../host/scripts.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildDebian } from './debian-package.ts';

const built = await buildDebian();
const NEWER = '/opt/newer.deb';
const INSTALL = 'dpkg --install /opt/docker-mtls.deb';
const CA = '/root/.local/share/docker-mtls';

/** The same package under a later version. */
async function newerThan(file: string): Promise<string> {
  const folder = temporaryFolder();
  const tree = path.join(folder, 'tree');
  await output('dpkg-deb', ['--raw-extract', file, tree]);
  const control = path.join(tree, 'DEBIAN/control');
  fs.writeFileSync(control, fs.readFileSync(control, 'utf8').replace(/^Version: .*$/m, '$&+later'));
  const newer = path.join(folder, 'newer.deb');
  await output('dpkg-deb', ['-Znone', '--root-owner-group', '--build', tree, newer]);
  return newer;
}

describeUnless(built.obstacle, 'what is tested', () => {
  test('is there', () => expect(built).toHaveProperty('file'));
});

describeNeeding(hostNeeds('20.10'), 'the Debian package on a host without Node', () => {
  let host: Host;
  beforeAll(async () => {
    if (built.obstacle !== undefined) throw new Error(built.obstacle);
    host = await bootHost('20.10', { node: false });
    fs.copyFileSync(built.file, host.outside('/opt/docker-mtls.deb'));
    fs.copyFileSync(await newerThan(built.file), host.outside(NEWER));
    await host.must('! command -v node');
  }, 900_000);
  beforeEach(async () => {
    await host.must(INSTALL);
  });

  test('installs a program, a plugin of docker, pages and completion', async () => {
    expect(await host.must('docker-mtls --version')).toMatch(/^\d+\.\d+\.\d+, with Node\.js /);
    expect(await host.must('docker --help')).toMatch(/^ {2}mtls\* /m);
    expect(await host.must('docker mtls list --help')).toContain('docker mtls list');
    await host.must('test -s /usr/share/man/man1/docker-mtls-secure.1.gz');
    expect(
      await host.must(
        "bash -c '. /usr/share/bash-completion/completions/docker-mtls; complete -p docker-mtls'",
      ),
    ).toContain('_docker_mtls');
    expect(await host.must('dpkg --verify docker-mtls')).toBe('');
  });

  test(
    'secures an engine, stays secured through an upgrade, and leaves keys and daemon.json behind',
    async () => {
      const applied = await host.must('docker-mtls secure node1 --client alice --apply');
      expect(applied).toContain('+ secured:');
      const asAlice = `DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=${CA}/clients/alice docker -H tcp://localhost:2376 version`;
      const files = `find ${CA} /etc/docker -type f ! -name '*.db*' -exec sha256sum {} + | sort`;

      expect((await host.shell('systemctl is-enabled docker-mtls-renew.timer')).stdout).toBe('disabled\n');
      await host.must('systemctl enable --now docker-mtls-renew.timer');
      await host.must('systemctl start docker-mtls-renew.service');
      await host.must('docker-mtls renew --remove-timer');
      expect((await host.shell('systemctl is-enabled docker-mtls-renew.timer')).stdout).toBe('disabled\n');
      await host.must('docker-mtls renew --install-timer && docker-mtls renew --remove-timer');
      await host.must('systemctl enable --now docker-mtls-renew.timer');

      await host.must('docker-mtls authz install --admin alice');
      // Not a copy of those in /etc: an upgrade changes them.
      for (const unit of ['docker-mtls-authz.socket', 'docker-mtls-authz.service'])
        expect(await host.must(`systemctl show -p FragmentPath ${unit}`)).toMatch(
          /=(?:\/usr)?\/lib\/systemd\//,
        );

      const was = await host.must(files);

      await host.must(`dpkg --install ${NEWER}`);
      await host.must('systemctl is-active docker-mtls-renew.timer');
      expect(await host.must(files)).toBe(was);
      expect(JSON.parse(await host.must('docker-mtls authz check --json'))).toMatchObject({ decides: true });
      expect(await host.must("dpkg-query --show --showformat '${Version}' docker-mtls")).toMatch(/\+later$/);
      expect(await host.must('docker-mtls secure node1 --client alice')).toContain('+ secured:');

      expect(await host.shell('dpkg --remove docker-mtls')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('hint: run docker-mtls authz uninstall'),
      });
      await host.must('docker-mtls authz uninstall');
      const kept = await host.must(files);
      await host.must('dpkg --remove docker-mtls');
      expect((await host.shell('command -v docker-mtls; docker mtls list')).code).not.toBe(0);
      expect((await host.shell('systemctl is-active docker-mtls-renew.timer')).stdout).toBe('inactive\n');
      expect(await host.must(files)).toBe(kept);
      await host.must(asAlice);

      await host.must(`${INSTALL} && dpkg --purge docker-mtls`);
      expect(await host.must(files)).toBe(kept);
      expect((await host.shell('dpkg-query --status docker-mtls')).code).toBe(1);
      await host.must(asAlice);

      await host.must(INSTALL);
      await host.must('docker-mtls daemon-config undo --apply');
    },
    SLOW,
  );

  test('is not removed while the engine names its plugin, and is after that', async () => {
    const named = '{"authorization-plugins": ["docker-mtls"]}';
    await host.must(write('/etc/docker/daemon.json', named));
    for (const verb of ['--remove', '--purge']) {
      const { code, stderr } = await host.shell(`dpkg ${verb} docker-mtls`);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('hint: run docker-mtls authz uninstall'),
      });
      await host.must('docker-mtls --version');
    }
    await host.must(`dpkg --install ${NEWER}`);
    await host.must('rm /etc/docker/daemon.json && dpkg --remove docker-mtls');
  });

  test("is called when the engine's package changes, and does not disturb that", async () => {
    const status = "dpkg-query --show --showformat '${db:Status-Status}' docker-mtls";
    await host.must('dpkg-trigger --by-package=docker.io /usr/sbin/dockerd');
    expect(await host.must(status)).toBe('triggers-pending');
    expect(await host.must('dpkg --triggers-only --pending')).toMatch(/docker-mtls doctor finds:\nlocal\n/);
    expect(await host.must(status)).toBe('installed');
  });
});
