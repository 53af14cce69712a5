import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listing } from '../hostile/listing.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { REPOSITORY } from '../support/cache.ts';
import { output, type Finished } from '../support/run.ts';
import { days, makeAuthority } from '../support/test-ca.ts';
import { filesBelow, mode, treeOf } from '../support/tree.ts';
import { client, command, newHome, server, serverCertificate, type Home } from './homes.ts';
import { buildImages, PARTS, startImageEngine, type ImageEngine } from './image-engine.ts';
import { A_KEY, layerFiles } from './layers.ts';

const DONE = { code: 0, stderr: '' };

const read = (...parts: readonly string[]): string => fs.readFileSync(path.join(...parts), 'utf8');

function daemonJson({ config }: Home): Record<string, unknown> {
  return JSON.parse(read(config, 'daemon.json')) as Record<string, unknown>;
}

function lifetimeOf({ validFrom, validTo }: X509Certificate): number {
  return Date.parse(validTo) - Date.parse(validFrom);
}

async function refused(answer: Promise<Finished>, says: string): Promise<void> {
  expect(await answer).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(says) });
}

describeNeeding([...engineNeeds('28.5'), 'docker command'], 'the image', () => {
  let host: ImageEngine;
  beforeAll(async () => {
    host = await startImageEngine('28.5');
    await buildImages(host);
  });

  async function filled(options: readonly string[] = []): Promise<Home> {
    const home = newHome();
    expect(await server(host, home, { options })).toMatchObject(DONE);
    expect(await client(host, home)).toMatchObject(DONE);
    return home;
  }

  describe('itself', () => {
    test.each(Object.keys(PARTS))(
      '%s has no key in any layer, no shell, and no tests',
      async (name) => {
        const files = await layerFiles(host, name);
        expect(files.map((file) => file.name)).toContain('usr/bin/docker-mtls');
        expect(files.filter(({ data }) => A_KEY.test(data)).map((file) => file.name)).toEqual([]);
        const odd =
          /\.(?:pem|key|p12)$|\.test\.[jt]s|(?:^|\/)(?:ba|da)?sh$|busybox|pwd-client-certs|registry\.db/;
        expect(files.map((file) => file.name).filter((file) => odd.test(file))).toEqual([]);
      },
      60_000,
    );

    test('says what it is, in the conventional labels', async () => {
      const { version, license, description } = JSON.parse(read(REPOSITORY, 'packages/cli/package.json'));
      const [{ Config: config }] = JSON.parse(await host.must('image', 'inspect', 'docker-mtls'));
      const label = (name: string): unknown => config.Labels[`org.opencontainers.image.${name}`];
      expect(label('title')).toBe('docker-mtls');
      expect(label('version')).toBe(version);
      expect(label('licenses')).toBe(license);
      expect(label('description')).toBe(description);
      expect(config.Healthcheck).toEqual({ Test: ['NONE'] });
    });

    test('without words, explains itself', async () => {
      const help = await host.must('run', '--rm', '--network', 'none', 'docker-mtls');
      expect(help).toContain('secure         All of it: CA, server, client');
    });
  });

  describe("the book's two containers", () => {
    test('on a fresh host: keys, a daemon.json with the paths of the host, and files for a client', async () => {
      const home = newHome();
      const { code, stdout } = await server(host, home);
      expect(code).toBe(0);
      expect(stdout).toContain(`docker container run -v ${home.certs}:/certs docker-mtls:client`);
      expect(stdout).toContain('warning: the certificate is valid for localhost only');
      // Which folder of the host that is cannot be known here.
      expect(stdout).toContain('+ /docker/daemon.json written (there was none before)');
      expect(daemonJson(home)).toEqual({
        hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376'],
        tlsverify: true,
        tlscacert: `${home.certs}/ca.pem`,
        tlscert: `${home.certs}/server-cert.pem`,
        tlskey: `${home.certs}/server-key.pem`,
      });
      expect(fs.readdirSync(home.config).toSorted()).toEqual([
        'daemon.json',
        expect.stringMatching(/^daemon\.json\.\d{8}T\d{6}Z\.undo\.json$/),
      ]);
      expect(serverCertificate(home).subjectAltName).toBe(
        'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      );
      expect(fs.existsSync(path.join(home.certs, 'client'))).toBe(false);

      const second = await client(host, home, { options: ['-e', `HOST_CERTS_DIR=${home.certs}`] });
      expect(second.stdout).toContain(`a ready DOCKER_CERT_PATH: ${home.certs}/client\n`);
      expect(second).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('--host tcp://localhost:2376'),
      });
      const archive = path.join(home.certs, 'client/pwd-client-certs');
      const names = await output('tar', ['-tf', archive]);
      expect(names.trim().split('\n').toSorted()).toEqual(['ca.pem', 'client-cert.pem', 'client-key.pem']);
    });

    test('keys are private, and what the engine and its clients may know is not', async () => {
      const { certs } = await filled();
      const modes = (names: readonly string[]): Record<string, string> =>
        Object.fromEntries(names.map((name) => [name, mode(fs.realpathSync(path.join(certs, name)))]));
      expect(modes(['ca', 'ca/private', 'ca/private/ca-key.pem', 'server-key.pem'])).toEqual({
        ca: '0700',
        'ca/private': '0700',
        'ca/private/ca-key.pem': '0600',
        'server-key.pem': '0600',
      });
      expect(
        modes(['client', 'client/key.pem', 'client/pwd-client-certs', 'ca.pem', 'server-cert.pem']),
      ).toEqual({
        client: '0700',
        'client/key.pem': '0600',
        'client/pwd-client-certs': '0600',
        'ca.pem': '0644',
        'server-cert.pem': '0644',
      });
    });

    test('again, they change nothing', async () => {
      const home = await filled(['-e', 'SAN=node1.example.com,10.0.0.5']);
      const before = listing(home.folder);
      const again = await server(host, home);
      expect(again).toMatchObject({ ...DONE, stdout: expect.stringContaining('next, on the host: nothing') });
      expect(again.stdout).not.toMatch(/^\+/m);
      expect((await client(host, home)).stdout).not.toMatch(/^\+/m);
      expect(listing(home.folder)).toEqual(before);
    });

    test('several at once wait for each other, and make one pair', async () => {
      const home = newHome();
      const options = ['-e', 'SAN=node1.example.com'];
      const servers = await Promise.all([1, 2, 3].map(() => server(host, home, { options })));
      const clients = await Promise.all([1, 2, 3].map(() => client(host, home)));
      for (const each of [...servers, ...clients]) expect(each.code).toBe(0);
      const { stdout } = await command(host, home, 'list', '--json', '--all');
      const { certificates } = JSON.parse(stdout) as { certificates: { kind: string }[] };
      expect(certificates.map(({ kind }) => kind).toSorted()).toEqual(['ca', 'client', 'server']);
    });

    test('a daemon.json that is there is merged, with one backup, and undone by a command', async () => {
      const home = newHome();
      const old = '{\n\t"debug": false,\n\t"registry-mirrors": ["https://mirror.example.com"]\n}\n';
      fs.writeFileSync(path.join(home.config, 'daemon.json'), old, { mode: 0o640 });
      for (let run = 0; run < 2; run += 1) expect(await server(host, home)).toMatchObject(DONE);
      expect(daemonJson(home)).toMatchObject({
        debug: false,
        'registry-mirrors': ['https://mirror.example.com'],
        tlsverify: true,
      });
      expect(mode(path.join(home.config, 'daemon.json'))).toBe('0640');
      const backups = fs.readdirSync(home.config).filter((name) => name.endsWith('.bak'));
      expect(backups.map((name) => read(home.config, name))).toEqual([old]);

      const undo = ['daemon-config', 'undo', '--config', '/docker/daemon.json'];
      expect(await server(host, home, { image: 'docker-mtls', words: undo })).toMatchObject(DONE);
      expect(read(home.config, 'daemon.json')).toBe(old);
    });

    test('where the engine listens to fewer already, it stays so', async () => {
      const home = newHome();
      const hosts = ['unix:///run/docker.sock', 'tcp://10.0.0.5:2376'];
      fs.writeFileSync(path.join(home.config, 'daemon.json'), JSON.stringify({ hosts }));
      expect(await server(host, home)).toMatchObject(DONE);
      expect(daemonJson(home)['hosts']).toEqual(hosts);
    });

    test('new names make a new pair, and none is taken away', async () => {
      const home = await filled(['-e', 'SAN=node1.example.com']);
      const first = serverCertificate(home).serialNumber;
      const { stdout } = await server(host, home, { options: ['-e', 'SAN=10.0.0.5 node2'] });
      expect(stdout).toContain('the old one lacked IP:10.0.0.5, DNS:node2');
      const { serialNumber, subjectAltName } = serverCertificate(home);
      expect(serialNumber).not.toBe(first);
      for (const name of ['node1.example.com', 'node2', '10.0.0.5']) expect(subjectAltName).toContain(name);
    });

    test("on the host's network, its names and addresses are in", async () => {
      const home = newHome();
      expect(await server(host, home, { options: ['--network', 'host'] })).toMatchObject(DONE);
      const name = (await output('hostname', [])).trim();
      expect(serverCertificate(home).subjectAltName).toContain(`DNS:${name}`);
    });

    test('what is due is renewed, with all its names; the rest is kept', async () => {
      const home = await filled(['-e', 'SAN=node1.example.com']);
      const before = serverCertificate(home);
      const soon = ['--ttl', '1m', '--force'];
      expect(
        (await command(host, home, 'issue-server', 'localhost', '--san', 'node1.example.com', ...soon)).code,
      ).toBe(0);
      expect((await command(host, home, 'issue-client', 'client', ...soon)).code).toBe(0);
      const issued = path.join(home.certs, 'ca/servers/localhost/server-cert.pem');
      const short = new X509Certificate(fs.readFileSync(issued));

      const renewed = await server(host, home);
      expect(renewed).toMatchObject({
        ...DONE,
        stdout: expect.stringMatching(/^\+ server .*the old one ends/m),
      });
      expect(renewed.stdout).toContain('restart the engine');
      const after = serverCertificate(home);
      expect(after.subjectAltName).toBe(before.subjectAltName);
      expect([before.serialNumber, short.serialNumber]).not.toContain(after.serialNumber);
      expect(lifetimeOf(after)).toBe(lifetimeOf(short));
      expect(read(home.certs, 'ca.pem')).toBe(read(home.certs, 'ca/ca.pem'));

      const archive = read(home.certs, 'client/pwd-client-certs');
      const handed = await client(host, home);
      expect(handed).toMatchObject({
        ...DONE,
        stdout: expect.stringMatching(/^\+ client .*the old one ends/m),
      });
      expect(read(home.certs, 'client/pwd-client-certs')).not.toBe(archive);
    });

    test('with no right but the least: read-only, no capability, no network', async () => {
      const least = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
      const home = newHome();
      expect(await server(host, home, { options: least })).toMatchObject(DONE);
      expect(await client(host, home, { options: least })).toMatchObject(DONE);
      expect(serverCertificate(home).subject).toBe('CN=localhost');
    });

    test('a CA of its own folder is used, and its key is read only to sign', async () => {
      const home = newHome();
      const own = path.join(home.folder, 'ca');
      fs.mkdirSync(own, { mode: 0o700 });
      const options = ['-v', `${own}:/ca`];
      expect(await server(host, home, { options })).toMatchObject(DONE);
      expect(await client(host, home, { options })).toMatchObject(DONE);
      expect(fs.existsSync(path.join(home.certs, 'ca'))).toBe(false);

      fs.rmSync(path.join(own, 'private'), { recursive: true });
      const before = listing(home.folder);
      expect(await server(host, home, { options })).toMatchObject(DONE);
      expect(await client(host, home, { options })).toMatchObject(DONE);
      expect(listing(home.folder)).toEqual(before);
    });

    test('a passphrase encrypts the CA key, and is wanted only where something is signed', async () => {
      const home = newHome();
      const secret = path.join(home.folder, 'passphrase');
      fs.writeFileSync(secret, 'correct horse\n', { mode: 0o600 });
      const options = [
        '-v',
        `${secret}:/run/passphrase:ro`,
        '-e',
        'DOCKER_MTLS_PASSPHRASE_FILE=/run/passphrase',
      ];
      const runs = [await server(host, home, { options }), await client(host, home, { options })];
      for (const { code, stdout, stderr } of runs) {
        expect({ code, stderr }).toEqual(DONE);
        expect(stdout).not.toMatch(/PRIVATE|correct horse/);
      }
      expect(read(home.certs, 'ca/private/ca-key.pem')).toContain('BEGIN ENCRYPTED PRIVATE KEY');

      for (const again of [await server(host, home), await client(host, home)])
        expect(again).toMatchObject(DONE);
      const more = ['-e', 'SAN=node2.example.com'];
      await refused(server(host, home, { options: more }), 'the CA key is encrypted');
    });

    test('the clients of a CA that is in use are not shut out', async () => {
      const home = newHome();
      fs.writeFileSync(path.join(home.certs, 'ca.pem'), makeAuthority('other CA', 'ec-p256').pem);
      const before = listing(home.folder);
      await refused(server(host, home), '/certs/ca.pem is not of the CA in /certs/ca');
      expect(listing(home.folder)).toEqual(before);
    });

    test("the book's own files, long expired, give way and are kept aside", async () => {
      const home = newHome();
      const { pem, key } = makeAuthority('book CA', 'ec-p256', days(-9, -2));
      const old = { 'ca.pem': pem, 'server-cert.pem': pem, 'server-key.pem': key };
      for (const [name, text] of Object.entries(old)) fs.writeFileSync(path.join(home.certs, name), text);
      const books = { tls: true, hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376'] };
      fs.writeFileSync(path.join(home.config, 'daemon.json'), JSON.stringify(books));
      expect(await server(host, home)).toMatchObject(DONE);
      expect(serverCertificate(home).subject).toBe('CN=localhost');
      expect(daemonJson(home)).toMatchObject({ tls: true, tlsverify: true });
      const aside = fs.readdirSync(home.certs).filter((name) => name.endsWith('.bak'));
      expect(aside.map((name) => read(home.certs, name)).toSorted()).toEqual(Object.values(old).toSorted());
      const keyAside = aside.find((name) => name.startsWith('server-key.pem'));
      expect(mode(path.join(home.certs, keyAside ?? ''))).toBe('0600');
    });

    test('a client needs a CA that an engine knows: on an empty folder nothing is made', async () => {
      const home = newHome();
      await refused(client(host, home), 'there is no CA in /certs/ca');
      expect(fs.readdirSync(home.certs)).toEqual([]);
    });
  });

  describe('any other command', () => {
    test('works in the folder of certificates', async () => {
      const home = await filled();
      expect(await command(host, home, 'issue-client', 'alice')).toMatchObject(DONE);
      expect(await command(host, home, 'bundle', 'alice')).toMatchObject(DONE);
      expect(mode(path.join(home.certs, 'alice.tar.gz'))).toBe('0600');
      const { stdout } = await command(host, home, 'list', '--json');
      expect(stdout).toContain('"alice"');
    });

    test("needs no root where its folder is not root's", async () => {
      const home = newHome();
      fs.chownSync(home.certs, 1000, 1000);
      const options = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL'];
      for (const words of [['init-ca'], ['issue-client', 'alice'], ['bundle', 'alice']]) {
        expect(await client(host, home, { options, image: 'docker-mtls', words })).toMatchObject(DONE);
      }
      expect(fs.statSync(path.join(home.certs, 'ca/private/ca-key.pem')).uid).toBe(1000);
    });

    test('of root reads the CA directory of another user, and changes nothing there', async () => {
      const home = newHome();
      const own = path.join(home.folder, 'own');
      fs.mkdirSync(own, { mode: 0o700 });
      fs.chownSync(own, 1000, 1000);
      const at = (options: readonly string[], ...words: readonly string[]): Promise<Finished> =>
        client(host, home, {
          options: ['-v', `${own}:/ca`, '-e', 'DOCKER_MTLS_CA_DIR=/ca', ...options],
          image: 'docker-mtls',
          words,
        });
      await refused(at([], 'init-ca'), 'in a container: --user 1000');
      // Without the capability to pass over modes, it is the kernel that refuses.
      await refused(at(['--cap-drop', 'ALL'], 'init-ca'), 'run as the owner of the path');
      expect(fs.readdirSync(own)).toEqual([]);
      const owner = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL'];
      expect(await at(owner, 'init-ca')).toMatchObject(DONE);
      const was = treeOf(own);
      await refused(at([], 'issue-client', 'alice'), 'in a container: --user 1000');
      expect(await at([], 'list')).toMatchObject(DONE);
      expect(treeOf(own)).toEqual(was);
      expect(await at(owner, 'issue-client', 'alice')).toMatchObject(DONE);
      expect(filesBelow(own).filter((file) => fs.lstatSync(file).uid !== 1000)).toEqual([]);
    });
  });

  describe('folders of the host', () => {
    const least = ['--read-only', '--cap-drop', 'ALL', '--network', 'none'];
    const serverWith = (...options: readonly string[]): Promise<Finished> =>
      host.docker('run', '--rm', ...least, ...options, 'docker-mtls:server');

    test('whose path cannot be known for certain are asked for', async () => {
      const { certs, config } = newHome();
      await refused(
        serverWith('-v', `${certs}:/certs`, '-v', `${config}:/docker`),
        'cannot tell where the host has /certs',
      );
      expect(fs.readdirSync(certs)).toEqual([]);
    });

    test.each([
      [
        'folders of root, for somebody else',
        ['--user', '1000', '-e', 'HOST_CERTS_DIR=/c', '-v', 'CERTS:/certs', '-v', 'CONFIG:/docker'],
        'permission denied',
      ],
      ['no folder at all', [], 'no folder of the host is mounted at /certs'],
      [
        'certificates read-only',
        ['-v', 'CERTS:/certs:ro', '-v', 'CONFIG:/docker'],
        '/certs is mounted read-only',
      ],
      ['no configuration', ['-v', 'CERTS:/certs'], 'no folder of the host is mounted at /docker'],
      ['its file alone', ['-v', 'CERTS:/certs', '-v', 'CONFIG/f:/docker'], 'mounted at /docker'],
      [
        'configuration read-only',
        ['-v', 'CERTS:/certs', '-v', 'CONFIG:/docker:ro'],
        '/docker is mounted read-only',
      ],
      [
        'a folder of another user',
        ['-v', 'OTHER:/certs', '-v', 'CONFIG:/docker'],
        'belongs to another user (uid 1000)',
      ],
      [
        'a folder that others write to',
        ['-v', 'OPEN:/certs', '-v', 'CONFIG:/docker'],
        'others may write to /certs',
      ],
    ])('are refused: %s', async (_, options, says) => {
      const { folder, certs, config } = newHome();
      fs.writeFileSync(path.join(config, 'f'), '');
      for (const name of ['other', 'open']) fs.mkdirSync(path.join(folder, name));
      fs.chownSync(path.join(folder, 'other'), 1000, 1000);
      fs.chmodSync(path.join(folder, 'open'), 0o777);
      const before = listing(folder);
      const places = { CERTS: certs, CONFIG: config, OTHER: `${folder}/other`, OPEN: `${folder}/open` };
      const real = options.map((word) =>
        word.replace(/^[A-Z]+(?=[:/])/, (name) => places[name as keyof typeof places]),
      );
      await refused(serverWith(...real), says);
      expect(listing(folder)).toEqual(before);
    });
  });
});
