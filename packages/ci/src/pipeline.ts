import fs from 'node:fs';
import nodePath from 'node:path';
import { readFile } from '@docker-mtls/files';
import type { CiTarget } from './target.ts';

/** A file of the pipeline, and where it goes in the repository of whoever deploys with it. */
export type PipelineFile = { readonly path: string; readonly data: string };

const SCRIPTS = ['lib', 'with-engine', 'verify', 'build', 'test', 'push', 'deploy'] as const;
const COMPOSE_FILES = ['compose.yaml', 'compose.test.yaml', 'compose.uat.yaml', 'compose.prod.yaml'] as const;

/** Where each server looks for its pipeline. */
const SERVER_FILES: Readonly<Record<CiTarget, readonly [source: string, path: string]>> = {
  jenkins: ['jenkins/Jenkinsfile', 'Jenkinsfile'],
  github: ['github/deploy.yml', '.github/workflows/deploy.yml'],
  gitlab: ['gitlab/gitlab-ci.yml', '.gitlab-ci.yml'],
};

/** The pipeline for a server: its own file, the scripts that all servers share, and compose files to start from. */
export function pipelineFiles(
  target: CiTarget,
  folder: string = defaultPipelineFolder(),
): readonly PipelineFile[] {
  const sources = [
    SERVER_FILES[target],
    ...SCRIPTS.map((name) => [`scripts/${name}.sh`, `ci/scripts/${name}.sh`] as const),
    ...COMPOSE_FILES.map((name) => [`compose/${name}`, name] as const),
  ];
  return sources.map(([source, path]) => ({
    path,
    data: readFile(nodePath.join(folder, source)).toString('utf8'),
  }));
}

/** The folder `ci-pipeline` beside the running file when published, else `pipeline` of this package. */
export function defaultPipelineFolder(): string {
  const here = import.meta.dirname;
  const beside = nodePath.join(here, 'ci-pipeline');
  return fs.existsSync(beside) ? beside : nodePath.join(here, '..', 'pipeline');
}
