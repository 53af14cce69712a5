/* oxlint-disable jest/no-export, jest/require-top-level-describe -- this file is a part of a test file */
import fs from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { filesBelow } from '../support/tree.ts';
import type { Host } from './host.ts';
import { killCli } from './kill-cli.ts';
import { addUser, type User } from './user.ts';

const SLOW = 120_000;
const CONFIG = '.config/docker/daemon.json';
const DROP_INS = '.config/systemd/user/docker.service.d';
const OURS = `${DROP_INS}/zz-docker-mtls.conf`;
const FLAGS = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS';
const RESTART = 'systemctl --user daemon-reload; systemctl --user restart docker';
const SERVES = 'timeout 60 sh -c "until docker version >/dev/null 2>&1; do sleep 0.2; done"';

const write = (file: string, text: string): string =>
  `mkdir -p $(dirname ${file}); printf '%s\n' '${text.replaceAll('\n', "' '")}' >${file}; `;
const dropIn = (name: string, text: string): string => write(`${DROP_INS}/${name}`, `[Service]\n${text}`);

/** What a user's own engine must do, on a host that has booted. */
export function describeRootless(bootedHost: () => Host): void {
  describe('a rootless engine', () => {
    let host: Host;
    let dan: User;

    beforeAll(async () => {
      host = bootedHost();
      // What a machine has, and a container is not given: a device for networks, and a say in their settings.
      await host.must('chmod 666 /dev/net/tun; mount -o remount,bind,rw /proc/sys');
      dan = await addUser(host, 'dan');
      // What users run, and it complains at its end that the command line client lies elsewhere.
      await dan.shell('dockerd-rootless-setuptool.sh install --skip-iptables');
      await dan.must(SERVES);
      // The CA and the pairs once, so that what follows is about the engine alone.
      await dan.cli('secure', '--client', 'alice', '--config', 'elsewhere.json');
    }, 900_000);

    beforeEach(async () => {
      const isClean = `[ ! -e ${DROP_INS} ] && [ "$(ls .config/docker)" = key.json ]`;
      const clean = `rm -rf .config/docker ${DROP_INS}; mkdir .config/docker; ${RESTART}; ${SERVES}`;
      await dan.must(`${isClean} || { ${clean}; }`);
    }, SLOW);

    const apply = (...args: readonly string[]): ReturnType<User['cli']> =>
      dan.cli('secure', '--client', 'alice', '--apply', ...args);
    const path = (file: string): string => host.outside(`${dan.home}/${file}`);
    const read = (file: string): string => fs.readFileSync(path(file), 'utf8');

    async function state(): Promise<readonly string[]> {
      const files = filesBelow(path('.config')).filter((file) => !/key\.json|\.bak|\.undone/.test(file));
      const texts = files.map((file) => (fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : ''));
      const unit = await dan.must('systemctl --user show -p ActiveState,DropInPaths,NeedDaemonReload docker');
      return [
        ...files,
        ...texts,
        unit,
        await dan.must(`${SERVES}; docker version --format {{.Server.Version}}`),
      ];
    }

    test(
      'is secured by its user, reached from elsewhere, and undone',
      async () => {
        const was = await state();
        const { code, stdout, stderr } = await apply('--san', host.address);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toContain('+ secured: 127.0.0.1:2376');
        expect(stdout).toMatch(/check: \S+dockerd 28\.5\S+ accepts it/);
        expect(JSON.parse(read(CONFIG))).toMatchObject({
          hosts: [expect.stringMatching(/^unix:\/\/\/run\/user\/\d+\/docker\.sock$/), 'tcp://0.0.0.0:2376'],
          tlsverify: true,
        });
        expect(read(OURS)).toContain(`Environment="${FLAGS}=-p 0.0.0.0:2376:2376/tcp"`);
        const client = `DOCKER_CERT_PATH=${dan.home}/.local/share/docker-mtls/clients/alice DOCKER_TLS_VERIFY=1`;
        const version = `${client} docker --host tcp://${host.address}:2376 version --format {{.Server.Version}}`;
        expect(await dan.must(version)).toMatch(/^28\.5/);

        const again = await apply('--san', host.address);
        expect(again).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('asks for client certificates'),
        });

        expect((await dan.cli('daemon-config', 'undo', '--apply')).code).toBe(0);
        expect(await state()).toEqual(was);
      },
      SLOW,
    );

    test(
      'that its user published already, the way the documentation has it, is secured in place',
      async () => {
        const command = `ExecStart=\nExecStart=/usr/share/docker.io/contrib/dockerd-rootless.sh --iptables=false -H unix:///run/user/${dan.id}/docker.sock -H tcp://127.0.0.1:2375`;
        const publish = `Environment="${FLAGS}=-p 0.0.0.0:2375:2375/tcp -p 127.0.0.1:2376:2376/tcp"`;
        await dan.must(dropIn('override.conf', `${command}\n${publish}`) + RESTART);
        const { code, stdout } = await apply();
        expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+ secured:') });
        expect(read(OURS)).toContain(`"${FLAGS}=-p 0.0.0.0:2375:2375/tcp -p 0.0.0.0:2376:2376/tcp"`);
        expect(read(OURS)).toContain('dockerd-rootless.sh --iptables=false\n');
        expect(JSON.parse(read(CONFIG)).hosts).not.toContain('tcp://127.0.0.1:2375');
      },
      SLOW,
    );

    test(
      'is published on other addresses, each by itself',
      async () => {
        const { code, stdout } = await apply('--listen', `${host.address}:2376`, '--listen', '[::1]:2377');
        expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+ secured:') });
        const open = await host.must("ss -Hltn | awk '{print $4}'");
        expect(open.split('\n')).toEqual(expect.arrayContaining([`${host.address}:2376`, '[::1]:2377']));
        expect(open).not.toMatch(/^(?:\*|0\.0\.0\.0|\[::\]):2376$/m);
      },
      SLOW,
    );

    test(
      'takes another address back by itself',
      async () => {
        expect((await apply('--listen', '127.0.0.1:2376')).code).toBe(0);
        const was = await state();
        expect(await apply('--listen', `${host.address}:2376`, '--allow-cut-off')).toMatchObject({
          code: 0,
          stdout: expect.stringContaining(`${OURS.split('/').at(-1)} written`),
        });
        const { code, stdout } = await dan.cli('daemon-config', 'undo', '--apply');
        expect({ code, stdout }).toEqual({
          code: 0,
          stdout: expect.stringMatching(/daemon\.json stays as it is.*\nPut .*zz-docker-mtls\.conf back/),
        });
        expect(await state()).toEqual(was);
        expect(await host.must('ss -Hltn')).toMatch(/127\.0\.0\.1:2376\s/);
      },
      SLOW,
    );

    test.each([
      {
        name: 'a port that is for root',
        args: ['--listen', '0.0.0.0:443'],
        code: 'HOST_PORT_FORBIDDEN',
      },
      {
        name: 'an address of another host',
        args: ['--listen', '203.0.113.9:2376'],
        code: 'HOST_ADDRESS_ABSENT',
      },
      { name: 'a name', args: ['--listen', 'localhost:2376'], code: 'DAEMON_CONFIG_LISTEN_INVALID' },
      { name: 'containers that are to run on', args: ['--live-restore'], code: 'HOST_LIVE_RESTORE' },
      {
        name: 'a bundle where its user may not write',
        args: ['-o', '/etc/alice.tar.gz'],
        code: 'FILE_NOT_PERMITTED',
      },
      {
        name: 'an environment file that has the last word',
        before: `${write('kit.env', `${FLAGS}=--debug`)}${dropIn('env.conf', 'EnvironmentFile=/home/dan/kit.env')}`,
        code: 'DAEMON_CONFIG_UNIT',
      },
      {
        name: 'an engine that does not start with it',
        before: dropIn(
          'hard.conf',
          'ExecStartPre=/bin/sh -c "! grep -q tlsverify /home/dan/.config/docker/daemon.json"',
        ),
        code: 'HOST_ROLLED_BACK',
      },
    ])(
      'ends as it was: $name',
      async ({ before, args = [], code: expected }) => {
        if (before !== undefined) await dan.must(`${before} ${RESTART}; ${SERVES}`);
        const was = await state();
        const { code, stdout } = await apply(...args, '--json');
        expect({ code, ...JSON.parse(stdout).error }).toMatchObject({ code: expected });
        expect(code).toBe(1);
        expect(await state()).toEqual(was);
      },
      SLOW,
    );

    test(
      'gets no plugin from authz install, which says so and changes nothing',
      async () => {
        expect((await apply('--listen', '127.0.0.1:2376')).code).toBe(0);
        const was = await state();
        const { code, stdout } = await dan.cli('authz', 'install', '--admin', 'alice', '--json');
        expect({ code, ...JSON.parse(stdout).error }).toMatchObject({
          code: 'HOST_PLUGIN_UNSUPPORTED',
          message: expect.stringContaining('rootless'),
          hint: expect.stringContaining('authz serve'),
        });
        expect(code).toBe(1);
        expect(await state()).toEqual(was);
      },
      SLOW,
    );

    test(
      'has its port once more after an upgrade that leaves it in the network of the machine',
      async () => {
        expect((await apply('--listen', '127.0.0.1:2376')).code).toBe(0);
        // What 29.5 changed in the script that starts the engine; the engine itself runs on.
        const script = '/usr/share/docker.io/contrib/dockerd-rootless.sh';
        const setting = ': "${DOCKERD_ROOTLESS_ROOTLESSKIT_DETACH_NETNS:=true}"';
        const upgraded = `${dan.home}/29.5/dockerd-rootless.sh`;
        await dan.must(`mkdir 29.5; sed '2i ${setting}' ${script} >${upgraded}; chmod 755 ${upgraded}`);
        const command = `ExecStart=\nExecStart=${upgraded} --iptables=false`;
        await dan.must(`${dropIn('override.conf', command)} systemctl --user daemon-reload`);
        for (const look of ['status', 'doctor'])
          expect(await dan.cli(look)).toMatchObject({ code: 3, stdout: expect.stringContaining('DM614') });

        expect((await dan.cli('daemon-config')).code).toBe(0);
        expect(fs.existsSync(path(OURS))).toBe(false);
        expect(JSON.parse(read(CONFIG)).hosts).toEqual([
          `unix:///run/user/${dan.id}/docker.sock`,
          'tcp://127.0.0.1:2376',
        ]);
        expect((await dan.cli('status')).stdout).not.toContain('DM614');
      },
      SLOW,
    );

    test(
      'is killed while the engine restarts: the next run takes it back first',
      async () => {
        const journal = path('.config/docker/docker-mtls.change.json');
        const isTime = (): boolean =>
          fs.existsSync(journal) && fs.readFileSync(journal, 'utf8').includes('restarting');
        await killCli({ ...host, prefix: dan.prefix }, ['secure', '--client', 'alice', '--apply'], isTime);
        expect(await apply()).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('+ secured:'),
          stderr: expect.stringContaining('was interrupted: taking it back first'),
        });
      },
      SLOW,
    );

    test(
      'with no --apply, the engine is left alone, and starts with what was written',
      async () => {
        const { code, stdout } = await dan.cli('daemon-config');
        expect(code).toBe(0);
        expect(stdout).toContain('next: restart the engine, for example: systemctl --user restart docker');
        await dan.must(`systemctl --user restart docker; ${SERVES}`);
        expect(await host.must('ss -Hltn')).toMatch(/:2376\s/);
      },
      SLOW,
    );
  });
}
