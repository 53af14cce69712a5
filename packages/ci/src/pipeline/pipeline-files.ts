import nodePath from 'node:path';
import { programDataFolder, readProgramData } from '@docker-mtls/files';
import type { CiEngine } from '../ci-engine.ts';
import type { CiTarget } from '../target.ts';
import { renderWorkflow } from './github.ts';
import { renderGitlabPipeline } from './gitlab.ts';
import { renderJenkinsfile } from './jenkins.ts';
import { stagesOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** A file of the pipeline, and its path in the repository that is deployed with it. */
export type PipelineFile = { readonly path: string; readonly data: string };

const SCRIPTS = ['lib', 'with-engine', 'verify', 'build', 'test', 'push', 'deploy'] as const;
const COMPOSE_FILES = ['compose.yaml', 'compose.test.yaml'] as const;

/** Where each server looks for its pipeline. */
const SERVER_FILES: Readonly<
  Record<CiTarget, { readonly path: string; readonly render: (stages: readonly Stage[]) => string }>
> = {
  jenkins: { path: 'Jenkinsfile', render: renderJenkinsfile },
  github: { path: '.github/workflows/deploy.yml', render: renderWorkflow },
  gitlab: { path: '.gitlab-ci.yml', render: renderGitlabPipeline },
};

/**
 * The pipeline that deploys to these environments: the server's own file, the scripts that all servers share, and compose
 * files to start from.
 */
export function pipelineFiles(
  target: CiTarget,
  engines: readonly CiEngine[],
  folder: string = defaultPipelineFolder(),
): readonly PipelineFile[] {
  const stages = stagesOf(engines);
  const { path, render } = SERVER_FILES[target];
  const copied = [
    ...SCRIPTS.map((name) => [`scripts/${name}.sh`, `ci/scripts/${name}.sh`] as const),
    ...COMPOSE_FILES.map((name) => [`compose/${name}`, name] as const),
  ];
  return [
    { path, data: render(stages) },
    ...copied.map(([source, to]) => ({
      path: to,
      data: readProgramData(folder, source).toString('utf8'),
    })),
    ...stages.map(composeFile),
  ];
}

function composeFile({ environment, approval }: Stage): PipelineFile {
  const data = `# What is different in ${environment}.
services:
  app:
    ports:
      - '${approval ? '80' : '8080'}:80'
`;
  return { path: `compose.${environment}.yaml`, data };
}

/** The folder `ci-pipeline` next to the running file when published, else `pipeline` of this package. */
export function defaultPipelineFolder(): string {
  const here = import.meta.dirname;
  return programDataFolder('ci-pipeline', () => [
    nodePath.join(here, 'ci-pipeline'),
    nodePath.join(here, '..', '..', 'pipeline'),
  ]);
}
