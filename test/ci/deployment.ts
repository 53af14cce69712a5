import fs from 'node:fs';
import path from 'node:path';
import type { CiTarget } from '@docker-mtls/ci';
import { cachedTool } from '../support/cache.ts';
import { cliJson, type CliOptions } from '../support/cli.ts';
import { docker } from '../support/docker-cli.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import type { Environment, Job } from './servers/server.ts';

/** An engine that is deployed to: over mutual TLS by the pipeline, and by its own socket to see what became of it. */
export type Target = { readonly engine: Engine; readonly url: string };

/** A CA, two engines that trust its clients, and the engine of the agent that builds. */
export type Hosts = Readonly<Record<Environment, Target>> & {
  readonly builder: Engine;
  readonly caDirectory: string;
};

/** Does with the command line what an operator does, and starts the engines. */
export async function startHosts(version: EngineVersion): Promise<Hosts> {
  const home = temporaryFolder();
  const caDirectory = path.join(home, 'ca');
  const options: CliOptions = { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } };
  await cliJson(['init-ca'], options);
  const uat = await prepare('uat', home, options);
  const prod = await prepare('prod', home, options);
  const builderConfig = path.join(home, 'builder.json');
  fs.writeFileSync(builderConfig, JSON.stringify({ hosts: [`unix://${home}/b.sock`] }));
  const [uatEngine, prodEngine, builder] = await Promise.all(
    [uat.configFile, prod.configFile, builderConfig].map((configFile) =>
      startEngine({ version, configFile }),
    ),
  );
  if (uatEngine === undefined || prodEngine === undefined || builder === undefined) throw new Error('three');
  return {
    uat: { engine: uatEngine, url: uat.url },
    prod: { engine: prodEngine, url: prod.url },
    builder,
    caDirectory,
  };
}

async function prepare(
  environment: Environment,
  home: string,
  options: CliOptions,
): Promise<{ readonly configFile: string; readonly url: string }> {
  const port = await freePort();
  const configFile = path.join(home, `${environment}.json`);
  const server = `${environment}.example.com`;
  await cliJson(['issue-server', server], options);
  const listen = ['--listen', `127.0.0.1:${port}`];
  await cliJson(['daemon-config', '--server', server, '--config', configFile, ...listen], options);
  return { configFile, url: `tcp://localhost:${port}` };
}

/** Exports both identities for a server, as the README says, and returns where their credentials and the pipeline are. */
export async function exportFor(
  target: CiTarget,
  { uat, prod, caDirectory }: Hosts,
): Promise<{ readonly credentials: Job['credentials']; readonly pipeline: string }> {
  const home = temporaryFolder();
  const options = { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } };
  const words = ['--for', target, '--out', 'out'];
  await cliJson(['ci', 'export', 'ci-uat', ...words, '--engine', `uat=${uat.url}`], options);
  await cliJson(['ci', 'export', 'ci-prod', ...words, '--engine', `prod=${prod.url}`], options);
  const out = path.join(home, 'out');
  return {
    credentials: { uat: path.join(out, 'credentials/uat'), prod: path.join(out, 'credentials/prod') },
    pipeline: path.join(out, 'pipeline'),
  };
}

/** A repository with the exported pipeline, and an image that is built from its files alone. */
export function makeProject(pipeline: string): string {
  const project = temporaryFolder();
  fs.cpSync(pipeline, project, { recursive: true, verbatimSymlinks: true });
  const busybox = cachedTool('busybox');
  if (busybox === undefined) throw new Error('no static busybox (scripts/fetch-engines)');
  const bin = path.join(project, 'root/bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.copyFileSync(busybox, path.join(bin, 'busybox'));
  for (const applet of ['sh', 'cat', 'grep', 'sleep']) fs.symlinkSync('busybox', path.join(bin, applet));
  const files = {
    'root/greeting': 'hello\n',
    Dockerfile: 'FROM scratch\nCOPY root /\nCMD ["sleep", "600"]\n',
    // These engines have no networks.
    'compose.yaml': service('app', 'network_mode: none\n    stop_grace_period: 0s'),
    'compose.test.yaml': service(
      'test',
      "network_mode: none\n    command: ['grep', '-q', 'hello', '/greeting']",
    ),
    'compose.uat.yaml': 'services:\n  app:\n    labels: { place: uat }\n',
    'compose.prod.yaml': 'services:\n  app:\n    labels: { place: prod }\n',
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(project, name), text);
  return project;
}

function service(name: string, more: string): string {
  return `services:\n  ${name}:\n    image: \${IMAGE:?}\n    ${more}\n`;
}

/** The machine of a job: the plugin of compose, or the older program that Debian has. */
export type Compose = 'plugin' | 'docker-compose';

/** An agent's environment, with an engine of its own and a folder for temporary files that a test can look into. */
export function agentOf({ builder }: Hosts, compose: Compose): Readonly<Record<string, string>> {
  const home = temporaryFolder();
  const plugins = path.join(home, '.docker/cli-plugins');
  fs.mkdirSync(plugins, { recursive: true });
  fs.mkdirSync(path.join(home, 'tmp'));
  const plugin = cachedTool('docker-compose');
  if (compose === 'plugin' && plugin !== undefined)
    fs.symlinkSync(plugin, path.join(plugins, 'docker-compose'));
  return {
    PATH: searchPath(),
    HOME: home,
    TMPDIR: path.join(home, 'tmp'),
    DOCKER_CONFIG: path.join(home, '.docker'),
    DOCKER_HOST: `unix://${builder.socket}`,
    // The builder that needs no plugin.
    DOCKER_BUILDKIT: '0',
    SETTLE: '1',
  };
}

/** What runs on an engine: `IMAGE PLACE PROJECT` of each container, however it ended. */
export async function containersOn({ engine }: Target): Promise<readonly string[]> {
  const format = '{{.Image}} {{.Label "place"}} {{.Label "com.docker.compose.project"}} {{.State}}';
  const { stdout, code, stderr } = await docker([
    '--host',
    `unix://${engine.socket}`,
    'ps',
    '--all',
    '--format',
    format,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}
