/* oxlint-disable jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { bootHost, hostNeeds, type Host, type HostEngine } from '../host/host.ts';
import { listing } from '../hostile/listing.ts';
import { cachedTool, REPOSITORY } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { hostPath } from '../support/engine-install.ts';
import { run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildImages, PARTS, startImageEngine } from './image-engine.ts';

// The book's two commands, letter for letter but for the name.
const SERVER = 'docker container run -v /diamol-certs:/certs -v /etc/docker:/docker docker-mtls:server';
const CLIENT = 'docker container run -v /diamol-certs:/certs docker-mtls:client';

const DROP_INS = '/etc/systemd/system/docker.service.d';

// More than three restarts within a minute are too many for the packaged unit.
const RESTART = 'systemctl reset-failed docker.service; systemctl restart docker.service';

const SLOW = 120_000;

/** Runs a script where docker is used: a machine in which /tmp is empty but for what the client was brought. */
async function laptop(script: string, home: string): Promise<Finished> {
  const own = 'mount --bind "$HOME" /tmp && cd /tmp && eval "$1"';
  return run('unshare', ['--mount', 'sh', '-ec', own, 'sh', script], {
    env: { PATH: hostPath(), HOME: home },
    cwd: home,
  });
}

/** What the book's two commands must do on a host that boots, with whichever engine. */
export function describeBook(version: HostEngine): void {
  describeNeeding(
    [...hostNeeds(version), ...engineNeeds('28.5'), 'docker command', 'static busybox'],
    `the book's exercise, on a host with engine ${version}`,
    () => {
      let host: Host;
      beforeAll(async () => {
        host = await bootHost(version);
        // Newer engines set up their containers' networks through it.
        await host.must('mount -o remount,bind,rw /proc/sys');
        const builder = await startImageEngine('28.5');
        await buildImages(builder);
        await builder.must('save', '--output', host.outside('/opt/image.tar'), ...Object.keys(PARTS));
        await builder.engine.stop();
        await host.must('docker load --input /opt/image.tar && rm /opt/image.tar');
      }, 900_000);

      /** All that the two commands have in their hands. */
      function state(): readonly string[] {
        return ['/diamol-certs', '/etc/docker'].flatMap((folder) => listing(host.outside(folder)));
      }

      test(
        'keys are made, and daemon.json has them where the host has them',
        async () => {
          const server = await host.must(SERVER);
          expect(server).toContain('+ /etc/docker/daemon.json written (there was none before)');
          expect(JSON.parse(fs.readFileSync(host.outside('/etc/docker/daemon.json'), 'utf8'))).toMatchObject({
            tlsverify: true,
            tlscacert: '/diamol-certs/ca.pem',
            tlscert: '/diamol-certs/server-cert.pem',
            tlskey: '/diamol-certs/server-key.pem',
          });
          expect(await host.must(CLIENT)).toContain('/certs/client/pwd-client-certs');
        },
        SLOW,
      );

      test(
        'a second time, they change nothing',
        async () => {
          const before = state();
          await host.must(`${SERVER} && ${CLIENT}`);
          expect(state()).toEqual(before);
        },
        SLOW,
      );

      test(
        'the engine of a packaged unit starts with it, by the commands that were printed',
        async () => {
          const printed = await host.must(SERVER);
          const [, script = ''] = /^ {2}systemd: [^]*?\n((?: {4}.*\n)+)/m.exec(printed) ?? [];
          expect(script).toContain('systemctl restart docker.service');
          // What the drop-in had before is no source of it: where systemctl is faster than the shell, it would be.
          expect(script).toMatch(/: > (\S+)\n.*systemctl cat .* > \1\n/);
          const follow = async (): Promise<string> => {
            expect(
              await host.shell(`systemctl reset-failed docker.service; set -e; ${script}`),
            ).toMatchObject({
              code: 0,
            });
            expect(await host.must('docker version --format {{.Server.Version}}')).toMatch(
              new RegExp(`^${version}`),
            );
            return fs.readFileSync(host.outside(`${DROP_INS}/zz-docker-mtls-image.conf`), 'utf8');
          };
          const rest = '--containerd=/run/containerd/containerd.sock';
          const packaged = `[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd ${rest} $DOCKER_OPTS\n`;
          expect(await follow()).toBe(packaged);
          expect(await follow()).toBe(packaged);

          const flags = `-H fd:// --host=tcp://127.0.0.1:2375 ${rest} --label host=a`;
          const override = `[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd ${flags}\n`;
          fs.writeFileSync(host.outside(`${DROP_INS}/override.conf`), override);
          await host.must('systemctl daemon-reload');
          expect(await follow()).toBe(
            `${packaged}[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd ${rest} --label host=a\n`,
          );
        },
        SLOW,
      );

      test(
        "a client elsewhere is served with the archive's files, as the book prints it; a stranger is not",
        async () => {
          const named = SERVER.replace('run', `run -e SAN=${host.address}`);
          expect(await host.must(named)).toContain(`the old one lacked IP:${host.address}`);
          await host.must(RESTART);
          const printed = await host.must(CLIENT);

          const home = temporaryFolder();
          fs.copyFileSync(
            host.outside('/diamol-certs/client/pwd-client-certs'),
            path.join(home, 'pwd-client-certs'),
          );
          const script = [...printed.matchAll(/^ {2}((?:mkdir|docker) .*)$/gm)]
            .map(([, line]) => line)
            .join('\n');
          expect(script).toContain(`docker --host tcp://${host.address}:2376 --tlsverify`);
          const answer = await laptop(`${script}\ndocker --context pwd-tls version`, home);
          expect(answer).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
          expect(answer.stdout).toMatch(/^CONTAINER ID .*\npwd-tls\n/ms);
          expect(answer.stdout).toMatch(new RegExp(`Server:[^]*${version}`));

          const strangers = ['', '--tls', '--tlsverify --tlscacert /tmp/pwd-certs/ca.pem'];
          for (const flags of strangers) {
            const refused = await laptop(
              `docker --host tcp://${host.address}:2376 ${flags} container ls`,
              home,
            );
            expect([flags, refused]).toMatchObject([flags, { code: 1, stdout: '' }]);
          }
        },
        SLOW,
      );

      test(
        "on the host's network, its own names are found, and neither its containers' nor their networks'",
        async () => {
          await host.must('docker network create --subnet 10.99.0.0/24 other');
          const printed = await host.must(SERVER.replace('run', 'run --network host'));
          expect(printed).toMatch(/is good for .*DNS:node1/);
          expect(printed).toContain(`IP:${host.address}`);
          expect(printed).not.toMatch(/IP:172\.17\.0\.1|IP:10\.99\.0\.1/);
          expect(await host.must(SERVER)).toMatch(/^= server localhost/m);
        },
        SLOW,
      );

      test(
        'a folder on another file system is asked for, and then taken at its word',
        async () => {
          await host.must('mkdir -p /data && mount -t tmpfs none /data && mkdir /data/certs');
          const elsewhere = SERVER.replace('/diamol-certs', '/data/certs');
          expect(await host.shell(elsewhere)).toMatchObject({
            code: 1,
            stdout: '',
            stderr: expect.stringMatching(
              /another file system than \/etc\/docker\nhint: add -e HOST_CERTS_DIR=/,
            ),
          });
          expect(fs.readdirSync(host.outside('/etc/docker'))).toContain('daemon.json');
          await host.must(elsewhere.replace('run', 'run -e HOST_CERTS_DIR=/data/certs'));
          expect(fs.readFileSync(host.outside('/etc/docker/daemon.json'), 'utf8')).toContain(
            '"/data/certs/ca.pem"',
          );
          await host.must('umount /data');
        },
        SLOW,
      );

      test(
        'as services of compose.yaml, which have the least of rights',
        async () => {
          const compose = cachedTool('docker-compose');
          if (compose === undefined) throw new Error('no docker-compose (scripts/fetch-engines)');
          fs.copyFileSync(compose, host.outside('/opt/docker-compose'));
          fs.copyFileSync(path.join(REPOSITORY, 'compose.yaml'), host.outside('/opt/compose.yaml'));
          await host.must('rm -rf /diamol-certs /etc/docker/daemon.json*; mkdir /diamol-certs');
          await host.must('cd /opt && SAN=node1.example.com ./docker-compose up --no-color --no-build');
          await host.must(`${RESTART} && docker version`);
          const names = await host.must(
            'docker container run -v /diamol-certs:/certs docker-mtls show /certs/server-cert.pem',
          );
          expect(names).toContain('node1.example.com');
          expect(fs.existsSync(host.outside('/diamol-certs/client/pwd-client-certs'))).toBe(true);
        },
        SLOW,
      );
    },
  );
}
