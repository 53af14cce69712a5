import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { engineNeeds } from '../../../../test/support/needs.ts';
import { docker } from '../../../../test/support/docker-cli.ts';
import { ENGINE_VERSIONS } from '../../../../test/support/engine-install.ts';
import { startEngine, type Engine } from '../../../../test/support/engine.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { run } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { readArchive } from '../archive/read-archive.ts';
import { openBundle } from '../open/open-bundle.ts';
import { parseEngineHost } from './engine-host.ts';
import { packContexts, packFolder, type FolderBundle } from './pack-folder.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const FILES = { ca: CA.pem, ...issuePair(CA.authority, 'client', { name: 'alice' }) };
const FOLDER_FILES = [
  'README',
  'bundle.json',
  'ca.pem',
  'cert.pem',
  'env.cmd',
  'env.fish',
  'env.ps1',
  'env.sh',
  'key.pem',
];

function bundleFor(...hosts: readonly [string, ...string[]]): FolderBundle {
  const [first, ...others] = hosts;
  return { client: 'alice', files: FILES, hosts: [parseEngineHost(first), ...others.map(parseEngineHost)] };
}

/** Unpacks as a user would, in a folder with a name of its own. */
function unpack(archive: Buffer, format: 'tar.gz' | 'zip'): string {
  const folder = path.join(temporaryFolder(), `it's here`);
  fs.mkdirSync(folder);
  const file = path.join(temporaryFolder(), `alice.${format}`);
  fs.writeFileSync(file, archive);
  if (format === 'zip') execFileSync('unzip', ['-q', file, '-d', folder]);
  else execFileSync('tar', ['-xzf', file, '-C', folder]);
  return path.join(folder, 'alice');
}

function modeOf(file: string): string {
  return (fs.statSync(file).mode & 0o777).toString(8);
}

describe.each(['tar.gz', 'zip'] as const)('a folder as %s', (format) => {
  describeNeeding(format === 'zip' ? ['unzip'] : [], 'unpacked by the stock tool', () => {
    let folder: string;
    beforeAll(() => {
      folder = unpack(packFolder(bundleFor('node1', 'node2'), { format }), format);
    });

    test('has every file, and a context for each engine', () => {
      const contexts = ['node1.dockercontext', 'node2.dockercontext'];
      expect(fs.readdirSync(folder).toSorted()).toEqual([...FOLDER_FILES, ...contexts].toSorted());
    });

    test('keeps the key, the contexts and the folder for their owner', () => {
      const names = ['key.pem', 'node1.dockercontext', '.', 'cert.pem'];
      expect(names.map((name) => modeOf(path.join(folder, name)))).toEqual(['600', '600', '700', '644']);
    });
  });

  test('has the same bytes whenever it is made', () => {
    const [one, two] = [bundleFor('node1'), bundleFor('node1')].map((bundle) =>
      packFolder(bundle, { format }),
    );
    expect(one).toEqual(two);
  });

  test('names an engine once, however often it was given', () => {
    const twice = packFolder(bundleFor('node1', 'node2', 'NODE1:2376', 'tcp://node2'), { format });
    expect(twice).toEqual(packFolder(bundleFor('node1', 'node2'), { format }));
  });

  test('tells engines apart whose names are alike', () => {
    const hosts = ['a.b', 'a.b:1', '::1', '[::1]:1', 'a-b', 'n', 'engine-n'] as const;
    expect(openBundle(packFolder(bundleFor(...hosts), { format }), { now: new Date() }).hosts).toHaveLength(
      7,
    );
  });

  test.each(['Jörg', '界'.repeat(60)])('takes the client %s, whose name is not ASCII', (client) => {
    const files = { ca: CA.pem, ...issuePair(CA.authority, 'client', { name: client }) };
    const archive = packFolder({ client, files, hosts: [parseEngineHost('node1')] }, { format });
    expect(openBundle(archive, { now: new Date() })).toMatchObject({ client, layout: 'folder' });
    const [folder] = readArchive(archive).folders;
    expect(folder).toMatch(/^client_[0-9a-f]{8}\/$/);
  });

  test('takes hosts and a client with the longest names that there are', () => {
    const long = [`${'a'.repeat(63)}.`.repeat(3), 'b'.repeat(61)].join('');
    const client = 'c'.repeat(64);
    const files = { ca: CA.pem, ...issuePair(CA.authority, 'client', { name: client }) };
    const archive = packFolder({ ...bundleFor(long, `${long}:1`), client, files }, { format });
    expect(openBundle(archive, { now: new Date() }).hosts.map(({ name }) => name)).toEqual([long, long]);
  });
});

const SHELLS = [
  { program: 'bash', script: 'env.sh', source: '.' },
  { program: 'dash', script: 'env.sh', source: '.' },
  { program: 'zsh', script: 'env.sh', source: '.' },
  { program: 'fish', script: 'env.fish', source: 'source' },
] as const;

describe.each([...ENGINE_VERSIONS])('engine %s', (version) => {
  describeNeeding(
    [...engineNeeds(version), 'docker command', 'zsh', 'fish'],
    'and who was handed a bundle',
    () => {
      let port = 0;
      let folder = '';
      let engine: Engine;

      beforeAll(async () => {
        port = await freePort();
        engine = await startEngine({ version, configFile: configure(port) });
        folder = unpack(packFolder(bundleFor(`127.0.0.1:${port}`), { format: 'tar.gz' }), 'tar.gz');
      });

      test.each(SHELLS)(
        'source $script in $program, and docker answers',
        async ({ program, script, source }) => {
          const command = `${source} ${shellQuote(path.join(folder, script))}; docker version --format '{{.Server.Version}}'`;
          const env = { HOME: temporaryFolder() };
          expect(await run(program, ['-c', command], { env, cwd: '/' })).toMatchObject({
            code: 0,
            stdout: `${engine.version}\n`,
            stderr: '',
          });
        },
      );

      test('type the check that the README names', async () => {
        const readme = fs.readFileSync(path.join(folder, 'README'), 'utf8');
        const [check = ''] = /docker --host .* version/.exec(readme) ?? [];
        const { code, stdout } = await run('sh', ['-c', check], {
          env: { HOME: temporaryFolder() },
          cwd: folder,
        });
        expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(engine.version) });
      });

      test.each(['installed', version] as const)(
        'import the context with the docker command: %s',
        async (cli) => {
          const home = temporaryFolder();
          const [context] = packContexts(bundleFor(`127.0.0.1:${port}`));
          const file = path.join(home, 'alice.dockercontext');
          fs.writeFileSync(file, context?.data ?? '');
          expect(await docker(['context', 'import', 'node1', file], { home, version: cli })).toMatchObject({
            code: 0,
          });
          const { stdout } = await docker(
            ['--context', 'node1', 'version', '--format', '{{.Server.Version}}'],
            {
              home,
              version: cli,
            },
          );
          expect(stdout).toBe(`${engine.version}\n`);
        },
      );
    },
  );
});

function shellQuote(text: string): string {
  return `"${text}"`;
}

/** A daemon.json for an engine that takes our clients on a loopback port. */
function configure(port: number): string {
  const folder = temporaryFolder();
  const server = issuePair(CA.authority, 'server', { name: 'node1', sans: ['127.0.0.1'] });
  const file = (name: string): string => path.join(folder, name);
  fs.writeFileSync(file('ca.pem'), CA.pem);
  fs.writeFileSync(file('cert.pem'), server.certificate);
  fs.writeFileSync(file('key.pem'), server.key, { mode: 0o600 });
  const config = {
    hosts: [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${port}`],
    tlsverify: true,
    tlscacert: file('ca.pem'),
    tlscert: file('cert.pem'),
    tlskey: file('key.pem'),
  };
  fs.writeFileSync(file('daemon.json'), JSON.stringify(config));
  return file('daemon.json');
}
