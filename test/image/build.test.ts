import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { IS_FULL_RELEASE } from '../executable/executable.ts';
import { REPOSITORY } from '../support/cache.ts';
import { programsOf } from '../support/docker-cli.ts';
import { output, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildRoot } from './base-root.ts';
import { client, newHome, server, serverCertificate } from './homes.ts';
import { importRoot, PARTS, startImageEngine } from './image-engine.ts';
import { A_KEY, layerFiles } from './layers.ts';

const NODE = 'test/node';

const SEARCH = 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BUILD = path.join(REPOSITORY, 'scripts/image');
const WORDS = ['--build-arg', `NODE_IMAGE=${NODE}`, '--network', 'host'];

/** How this machine reaches a registry; where npm knows nothing of its own, the base image's npm will not either. */
function npmEnvironment(): readonly string[] {
  const known = ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy'].map(
    (key) => [key, npmConfig(key)] as const,
  );
  return known
    .filter(([, value]) => value !== '' && value !== 'null' && value !== 'undefined')
    .map(([key, value]) => `ENV npm_config_${key.replace('-', '_')}=${value}`);
}

function npmConfig(key: string): string {
  return execFileSync('npm', ['config', 'get', key], { encoding: 'utf8', cwd: '/' }).trim();
}

describeNeeding([...engineNeeds('28.5'), 'docker command', 'hosts that boot'], 'scripts/image', () => {
  test('builds everything from the sources alone, and says how large it is', async () => {
    const host = await startImageEngine('28.5');
    await importRoot(host, await buildRoot(), NODE, SEARCH, ...npmEnvironment());
    const said = await output(BUILD, WORDS, {
      env: {
        PATH: searchPath(),
        HOME: temporaryFolder(),
        DOCKER_HOST: `unix://${host.engine.socket}`,
        DOCKER_BUILDKIT: '0',
      },
      timeout: 600_000,
    });
    for (const name of Object.keys(PARTS)) expect(said).toMatch(new RegExp(`^${name} +\\d+ MB$`, 'm'));
    const label = '{{index .Config.Labels "org.opencontainers.image.revision"}}';
    const revision = await host.must('image', 'inspect', '--format', label, 'docker-mtls');
    expect(revision).toBe(await output('git', ['rev-parse', 'HEAD'], { cwd: REPOSITORY }));
    const files = await layerFiles(host, 'docker-mtls');
    expect(files.filter(({ data }) => A_KEY.test(data)).map(({ name }) => name)).toEqual([]);
    expect(files.filter(({ name }) => /\.test\.[jt]s$|^src\//.test(name))).toEqual([]);

    const home = newHome();
    expect(await server(host, home)).toMatchObject({ code: 0, stderr: '' });
    expect(await client(host, home)).toMatchObject({ code: 0, stderr: '' });
    expect(serverCertificate(home).subject).toBe('CN=localhost');
  }, 900_000);
});

if (IS_FULL_RELEASE)
  describeNeeding(
    [...engineNeeds('20.10'), 'hosts that boot'],
    'scripts/image for another architecture',
    () => {
      test('runs no code of that, and holds its programs alone', async () => {
        // The command line of 20.10 speaks to BuildKit by itself; later ones want a plug-in for it.
        const host = await startImageEngine('20.10', '1');
        await importRoot(host, await buildRoot(), NODE, SEARCH, ...npmEnvironment());
        const said = await output(BUILD, [...WORDS, '--platform', 'linux/arm64'], {
          env: {
            PATH: searchPath(programsOf('20.10')),
            HOME: temporaryFolder(),
            DOCKER_HOST: `unix://${host.engine.socket}`,
            DOCKER_BUILDKIT: '1',
          },
          timeout: 600_000,
        });
        expect(said).toMatch(/^docker-mtls +\d+ MB$/m);
        const of = await host.must(
          'image',
          'inspect',
          '--format',
          '{{.Os}}/{{.Architecture}}',
          'docker-mtls',
        );
        expect(of).toBe('linux/arm64\n');
        const programs = (await layerFiles(host, 'docker-mtls')).filter(({ data }) =>
          data.startsWith('\u007fELF'),
        );
        // e_machine of the ELF header: EM_AARCH64.
        const others = programs.filter(({ data }) => data.codePointAt(18) !== 183);
        expect({ count: programs.length > 5, others: others.map(({ name }) => name) }).toEqual({
          count: true,
          others: [],
        });
      }, 900_000);
    },
  );
