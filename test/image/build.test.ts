import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { REPOSITORY } from '../support/cache.ts';
import { output, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildRoot } from './base-root.ts';
import { client, newHome, server, serverCertificate } from './homes.ts';
import { importRoot, PARTS, startImageEngine } from './image-engine.ts';
import { A_KEY, layerFiles } from './layers.ts';

const NODE = 'test/node';

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
    const search = 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    await importRoot(host, await buildRoot(), NODE, search, ...npmEnvironment());
    const said = await output(
      path.join(REPOSITORY, 'scripts/image'),
      ['--build-arg', `NODE_IMAGE=${NODE}`, '--network', 'host'],
      {
        env: {
          PATH: searchPath(),
          HOME: temporaryFolder(),
          DOCKER_HOST: `unix://${host.engine.socket}`,
          DOCKER_BUILDKIT: '0',
        },
        timeout: 600_000,
      },
    );
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
