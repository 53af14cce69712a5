import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';
import { docker } from '../support/docker-cli.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { output, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { imageRoot } from './base-root.ts';

/** An engine that builds and runs images, and the docker command line that talks to it. */
export type ImageEngine = {
  readonly engine: Engine;
  readonly docker: (...args: readonly string[]) => Promise<Finished>;
  /** The same, for what is expected to succeed; returns stdout. */
  readonly must: (...args: readonly string[]) => Promise<string>;
};

/** The name of the image that stands in for the build stage. */
const BUILT = 'test/built';

export const PARTS: Readonly<Record<string, readonly string[]>> = {
  'docker-mtls:server': ['--target', 'server'],
  'docker-mtls:client': ['--target', 'client'],
  'docker-mtls': [],
};

/** Starts an engine that keeps layers apart, so that an image is not copied for each of its steps. */
export async function startImageEngine(
  version: EngineVersion,
  builder: '0' | '1' = '0',
): Promise<ImageEngine> {
  const folder = temporaryFolder();
  const configFile = path.join(folder, 'daemon.json');
  const config = { hosts: [`unix://${folder}/d.sock`], 'storage-driver': 'overlay2' };
  fs.writeFileSync(configFile, JSON.stringify(config));
  const engine = await startEngine({ version, configFile });
  const env = { DOCKER_HOST: `unix://${engine.socket}`, DOCKER_BUILDKIT: builder };
  const ask = (...args: readonly string[]): Promise<Finished> =>
    docker(args, { ...(builder === '1' && { version }), env, timeout: 300_000 });
  return { engine, docker: ask, must: (...args) => succeed(args, ask(...args)) };
}

async function succeed(args: readonly string[], answer: Promise<Finished>): Promise<string> {
  const { code, stdout, stderr } = await answer;
  if (code === 0) return stdout;
  throw new Error(`docker ${args.join(' ')}: ended with ${code}\n${stdout}${stderr}`);
}

/** Makes an image of a folder. */
export async function importRoot(
  { must }: ImageEngine,
  root: string,
  name: string,
  ...changes: string[]
): Promise<void> {
  const archive = path.join(temporaryFolder(), 'root.tar');
  await output('tar', ['--create', '--file', archive, '--directory', root, '.']);
  await must('import', ...changes.flatMap((change) => ['--change', change]), archive, name);
}

/** Builds all names of the image from the bundle of this working tree: all stages but the one that makes the bundle. */
export async function buildImages(host: ImageEngine): Promise<void> {
  await importRoot(host, await imageRoot(), BUILT);
  const manifest = fs.readFileSync(path.join(REPOSITORY, 'packages/cli/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'Dockerfile'), withoutBuildStage());
  for (const [name, options] of Object.entries(PARTS))
    await host.must('build', '--build-arg', `VERSION=${version}`, ...options, '--tag', name, folder);
}

/** The Dockerfile as it is, but for the stage `build`, in whose place an image stands. */
function withoutBuildStage(): string {
  const text = fs.readFileSync(path.join(REPOSITORY, 'Dockerfile'), 'utf8');
  const stage = /^FROM .* \$\{NODE_IMAGE\} AS build\n.*?(?=^FROM )/ms;
  if (!stage.test(text)) throw new Error('the Dockerfile has no stage "build"');
  return text.replace(stage, `FROM ${BUILT} AS build\n`);
}
