import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { importBusybox } from './busybox.ts';
import { TRACING } from '../support/needs.ts';
import { IS_SWEEP } from '../durability/kill-everywhere.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';
import { SLOW } from './scripts.ts';
import { strikeRenewals } from './strike-renewal.ts';

const CA = '/root/.local/share/docker-mtls';
const PROGRAM = '/usr/local/lib/docker-mtls/dist/docker-mtls.cjs';
const DOCKER_MTLS = `/usr/local/bin/node ${PROGRAM}`;

/** A pair that is due from the start: certificates begin five minutes early, and this one has two left. */
const DUE = ['--force', '--allow-cut-off', '--ttl', '2m', '--apply'];

const RUN_ONCE = 'systemctl start docker-mtls-renew.service';
const SAID = `journalctl --quiet --no-pager --output=cat _SYSTEMD_UNIT=docker-mtls-renew.service`;

describeNeeding([...hostNeeds('28.5'), 'static busybox', ...TRACING], 'renewal on a host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await bootHost('28.5');
    // As a package would install it: what is mounted belongs to its developer.
    const sqlite = path.dirname(fs.realpathSync(path.join(REPOSITORY, 'packages/cli/node_modules/libsql')));
    await host.must(`mkdir -p /usr/local/lib/docker-mtls
      cp -r ${REPOSITORY}/packages/cli/dist /usr/local/lib/docker-mtls/
      cp -rL ${sqlite} /usr/local/lib/docker-mtls/node_modules
      chown -R root:root /usr/local/lib/docker-mtls; chmod -R go-w /usr/local/lib/docker-mtls`);
    await run('secure --client alice --apply');
  }, 900_000);

  async function run(words: string): Promise<Record<string, unknown>> {
    return JSON.parse(await host.must(`${DOCKER_MTLS} ${words} --json`)) as Record<string, unknown>;
  }

  async function refusal(words: string): Promise<unknown> {
    const { code, stdout } = await host.shell(`${DOCKER_MTLS} ${words} --json`);
    expect(code).toBe(1);
    return JSON.parse(stdout);
  }

  const onDisk = (directory = CA): string =>
    new X509Certificate(fs.readFileSync(host.outside(`${directory}/servers/node1/server-cert.pem`)))
      .fingerprint256;

  /** The certificate that the engine shows. */
  const shown = async (): Promise<string> =>
    (
      await host.must(
        `/usr/local/bin/node -e 'require("tls").connect({port:2376,rejectUnauthorized:false},function(){console.log(this.getPeerCertificate().fingerprint256);this.destroy()}).on("error",()=>0)'`,
      )
    ).trim();

  test(
    'the timer of root renews the pair of the engine, and has the engine serve with it',
    async () => {
      expect(await run(`renew --install-timer --ca-dir ${CA} --apply`)).toMatchObject({
        user: 'root',
        changed: true,
      });
      expect(await host.must('systemctl is-active docker-mtls-renew.timer')).toBe('active\n');
      expect(await host.must('systemd-analyze verify --man=no docker-mtls-renew.timer 2>&1')).not.toMatch(
        /docker-mtls-renew/,
      );
      await host.must(RUN_ONCE);
      expect(await host.must(SAID)).toBe('');

      await run(`issue-server node1 ${DUE.join(' ')}`);
      const before = await shown();
      await host.must(RUN_ONCE);
      expect(await host.must(SAID)).toContain('+ secured: 127.0.0.1:2376');
      expect(onDisk()).not.toBe(before);
      expect(await shown()).toBe(onDisk());
    },
    SLOW,
  );

  test(
    'a pair that was renewed without --apply is served by the next run with it',
    async () => {
      await run('renew node1');
      expect(await shown()).not.toBe(onDisk());
      expect(await run('renew --due --apply')).toMatchObject({
        applied: { restarted: true },
      });
      expect(await shown()).toBe(onDisk());
    },
    SLOW,
  );

  test(
    'killed or with a full disk at any step, renew --apply leaves an engine that starts, and is finished by the next run',
    async () => {
      expect(await strikeRenewals(host, { shown, onDisk })).toEqual([]);
    },
    IS_SWEEP ? 4 * 3_600_000 : SLOW,
  );

  test(
    'outside of its window the pair of the engine stays as it is',
    async () => {
      const before = onDisk();
      const hour = Number(await host.must('date +%H'));
      const window = [hour + 3, hour + 5].map((each) => `${String(each % 24).padStart(2, '0')}:00`).join('-');
      await run(`issue-server node1 --force --allow-cut-off --ttl 30d --apply`);
      expect(await run(`renew node1 --apply --window ${window}`)).toMatchObject({
        renewed: [],
        postponed: [{ name: 'node1', until: expect.any(String) }],
      });
      expect(onDisk()).not.toBe(before);
      expect(await shown()).toBe(onDisk());
    },
    SLOW,
  );

  test(
    'a restart that would stop a container is refused by its name, and the pair stays',
    async () => {
      await importBusybox(host);
      await host.must('docker run --detach --network none --name web busybox:test /bin/sleep 600');
      const before = onDisk();
      expect(await refusal('renew node1 --apply')).toMatchObject({
        renewed: [],
        failed: [{ code: 'HOST_STOPS_CONTAINERS', message: expect.stringContaining('the container web') }],
      });
      expect(onDisk()).toBe(before);
      expect(await run('renew node1 --apply --live-restore')).toMatchObject({ applied: { stopped: [] } });
      expect(await shown()).toBe(onDisk());
      await host.must('docker rm --force web');
    },
    SLOW,
  );

  test(
    'nothing is renewed for an engine whose daemon.json another user can change',
    async () => {
      const before = onDisk();
      await host.must('chmod o+w /etc/docker/daemon.json');
      expect(await refusal('renew node1 --apply')).toMatchObject({
        renewed: [],
        failed: [{ code: 'FILE_UNSAFE', message: expect.stringContaining('/etc/docker/daemon.json') }],
      });
      expect(onDisk()).toBe(before);
      await host.must('chmod o-w /etc/docker/daemon.json');
    },
    SLOW,
  );

  test(
    'the timer of another user runs as that user, shut in to its own files',
    async () => {
      await run('renew --remove-timer');
      expect(await host.must('ls /etc/systemd/system')).not.toContain('docker-mtls-renew');
      await host.must(`useradd --create-home ada
        su ada -c '${DOCKER_MTLS} init-ca --no-passphrase; ${DOCKER_MTLS} issue-server node1 --ttl 2m'`);
      const directory = '/home/ada/.local/share/docker-mtls';
      expect(await run(`renew --install-timer --ca-dir ${directory}`)).toMatchObject({ user: 'ada' });
      const before = onDisk(directory);
      await host.must(RUN_ONCE);
      expect(onDisk(directory)).not.toBe(before);
      expect(await host.must(`stat -c %U ${directory}/servers/node1/server-cert.pem`)).toBe('ada\n');
      await run('renew --remove-timer');
    },
    SLOW,
  );

  test(
    'an encrypted CA is renewed with the passphrase that systemd hands to the service, locked or not',
    async () => {
      const [directory, open, locked] = [
        '/root/locked',
        '/etc/ca.pass',
        '/etc/credstore.encrypted/docker-mtls',
      ];
      await host.must(`umask 077; echo 'correct horse' >${open}; mkdir -p ${path.dirname(locked)}
        systemd-creds encrypt --with-key=host --name=docker-mtls ${open} ${locked}`);
      const words = `--ca-dir ${directory} --passphrase-file`;
      await run(`init-ca ${words} ${open}`);
      for (const file of [open, locked]) {
        await run(`issue-server node9 --force ${words} ${open} --ttl 2m`);
        const before = fs.readFileSync(host.outside(`${directory}/servers/node9/server-cert.pem`), 'utf8');
        await run(`renew --install-timer ${words} ${file}`);
        await host.must(RUN_ONCE);
        expect(fs.readFileSync(host.outside(`${directory}/servers/node9/server-cert.pem`), 'utf8')).not.toBe(
          before,
        );
        await run('renew --remove-timer');
      }
    },
    SLOW,
  );

  test(
    'a program that somebody else can change is refused',
    async () => {
      await host.must(`chown ada ${PROGRAM}`);
      expect(await refusal(`renew --install-timer --ca-dir ${CA}`)).toMatchObject({
        error: { code: 'FILE_UNSAFE', hint: expect.stringContaining('/usr/local/bin') },
      });
      expect(await host.must('ls /etc/systemd/system')).not.toContain('docker-mtls-renew');
    },
    SLOW,
  );
});
